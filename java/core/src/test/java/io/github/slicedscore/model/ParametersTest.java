package io.github.slicedscore.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import org.junit.jupiter.api.Test;

class ParametersTest {
    private static final ScoreMlp SMALL = new ScoreMlp(2, 1, List.of(4, 5), Activation.TANH);

    @Test
    void layoutIsWeightThenBiasLayerByLayer() {
        ParameterLayout layout = ParameterLayout.of(SMALL);

        assertThat(layout.tensors())
                .containsExactly(
                        new ParameterLayout.Tensor("layers.0.weight", List.of(4, 3), 0),
                        new ParameterLayout.Tensor("layers.0.bias", List.of(4), 12),
                        new ParameterLayout.Tensor("layers.1.weight", List.of(5, 4), 16),
                        new ParameterLayout.Tensor("layers.1.bias", List.of(5), 36),
                        new ParameterLayout.Tensor("layers.2.weight", List.of(2, 5), 41),
                        new ParameterLayout.Tensor("layers.2.bias", List.of(2), 51));
        assertThat(layout.size()).isEqualTo(53);
        assertThat(layout.weightOffset(1)).isEqualTo(16);
        assertThat(layout.biasOffset(2)).isEqualTo(51);
    }

    @Test
    void anEnergyHasOneOutputAndMayHaveNoHiddenLayer() {
        EnergyMlp affine = new EnergyMlp(3, 2, List.of(), Activation.SOFTPLUS, 0);

        assertThat(affine.widths()).containsExactly(5, 1);
        assertThat(ParameterLayout.of(affine).size()).isEqualTo(6);
    }

    @Test
    void layoutsThatOverflowAreRefused() {
        ScoreMlp huge = new ScoreMlp(2, 0, List.of(50_000, 50_000), Activation.TANH);
        assertThatThrownBy(() -> ParameterLayout.of(huge))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("narrower");
    }

    @Test
    void valuesAreCopiedInAndOut() {
        float[] values = new float[53];
        values[7] = 3;
        Parameters parameters = Parameters.of(SMALL, values);
        values[7] = 4;
        parameters.toArray()[7] = 5;

        assertThat(parameters.get(7)).isEqualTo(3);
        assertThat(parameters.size()).isEqualTo(53);
        assertThat(parameters).isEqualTo(Parameters.of(SMALL, parameters.toArray()));
        assertThat(parameters).isNotEqualTo(Parameters.of(SMALL, values));
    }

    @Test
    void aWrongNumberOfValuesIsRefused() {
        assertThatThrownBy(() -> Parameters.of(SMALL, new float[52]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("53 parameters")
                .hasMessageContaining("52 values");
    }

    @Test
    void initialValuesHaveTheDocumentedDeviations() {
        int in = 50;
        int width = 400;
        ScoreMlp score = new ScoreMlp(in, 0, List.of(width, width), Activation.SOFTPLUS);
        Parameters parameters = Parameters.initialize(score, 1);
        assertThat(meanSquare(parameters, 0)).isCloseTo(4.0 / in, withinPercentage(6));
        assertThat(meanSquare(parameters, 1)).isCloseTo(4.0, withinPercentage(30));
        assertThat(meanSquare(parameters, 2)).isCloseTo(1.0 / width, withinPercentage(6));
        assertThat(meanSquare(parameters, 3)).isCloseTo(1.0 / width, withinPercentage(30));
        assertThat(meanSquare(parameters, 4)).isCloseTo(1.0 / width, withinPercentage(6));
        assertThat(meanSquare(parameters, 5)).isZero();

        EnergyMlp energy = new EnergyMlp(in, 0, List.of(width, width), Activation.SOFTPLUS, 0);
        assertThat(meanSquare(Parameters.initialize(energy, 1), 4)).isCloseTo(0.01 / width, withinPercentage(30));
    }

    /** Mean square of a tensor; 400 numbers know it to a relative 0.07, 20,000 to 0.01, one standard deviation. */
    private static double meanSquare(Parameters parameters, int tensor) {
        ParameterLayout.Tensor values = parameters.layout().tensors().get(tensor);
        double squares = 0;
        for (int i = values.offset(); i < values.offset() + values.size(); i++) {
            squares += (double) parameters.get(i) * parameters.get(i);
        }
        return squares / values.size();
    }

    @Test
    void initializationFollowsFromTheSeed() {
        assertThat(Parameters.initialize(SMALL, 3)).isEqualTo(Parameters.initialize(SMALL, 3));
        assertThat(Parameters.initialize(SMALL, 3)).isNotEqualTo(Parameters.initialize(SMALL, 4));
    }

    @Test
    void badSizesAreRefusedWithTheirNumber() {
        assertThatThrownBy(() -> new ScoreMlp(0, 0, List.of(), Activation.TANH)).hasMessageContaining("not 0");
        assertThatThrownBy(() -> new ScoreMlp(1, -1, List.of(), Activation.TANH))
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> new EnergyMlp(1, 0, List.of(8, 0), Activation.TANH, 0))
                .hasMessageContaining("[8, 0]");
        assertThatThrownBy(() -> new EnergyMlp(1, 0, List.of(8), Activation.TANH, Double.NaN))
                .hasMessageContaining("NaN");
    }
}
