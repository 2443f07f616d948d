package io.github.slicedscore.io;

import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.Provenance;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All that a model file holds. Immutable.
 *
 * @param architecture the network
 * @param parameters its numbers
 * @param standardizer from original to the network's units; modelled columns first, then conditions
 * @param columns names of the D modelled columns
 * @param conditions names of the condition columns, log sigma of a network that knows noise levels not among them
 * @param provenance where the model comes from
 * @param validationLogDensities log-densities of the held-out rows in original units, sorted; empty where none were held out,
 *     and for score networks
 */
public record ModelContents(
        Architecture architecture,
        Parameters parameters,
        Standardizer standardizer,
        List<String> columns,
        List<String> conditions,
        Provenance provenance,
        double[] validationLogDensities) {
    /** Copies, sorts the log-densities, and checks that all parts fit together. */
    public ModelContents {
        columns = List.copyOf(columns);
        conditions = List.copyOf(conditions);
        validationLogDensities = validationLogDensities.clone();
        Arrays.sort(validationLogDensities);
        if (!parameters.layout().equals(ParameterLayout.of(architecture))) {
            throw new IllegalArgumentException("the parameters are those of another network than " + architecture);
        }
        int given = architecture.givenColumns();
        if (columns.size() != architecture.dimension() || conditions.size() != given) {
            throw new IllegalArgumentException("the network models " + architecture.dimension() + " columns given "
                    + given + ", but the names are " + columns + " given " + conditions);
        }
        Set<String> names = new HashSet<>(columns);
        names.addAll(conditions);
        if (names.size() != columns.size() + given) {
            throw new IllegalArgumentException("a name stands twice among " + columns + " and " + conditions);
        }
        if (standardizer.means().length != columns.size() + given) {
            throw new IllegalArgumentException("the network has " + (columns.size() + given)
                    + " inputs, but the standardizer " + standardizer.means().length + " columns");
        }
        if (validationLogDensities.length > 0 && !architecture.isEnergy()) {
            throw new IllegalArgumentException("a score network has no log-densities");
        }
        if (!Arrays.stream(validationLogDensities).allMatch(Double::isFinite)) {
            throw new IllegalArgumentException("a log-density of the held-out rows is no finite number");
        }
    }

    /**
     * Sorted log-densities of the held-out rows, in original units.
     *
     * @return a copy
     */
    @Override
    public double[] validationLogDensities() {
        return validationLogDensities.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ModelContents that
                && architecture.equals(that.architecture)
                && parameters.equals(that.parameters)
                && standardizer.equals(that.standardizer)
                && columns.equals(that.columns)
                && conditions.equals(that.conditions)
                && provenance.equals(that.provenance)
                && Arrays.equals(validationLogDensities, that.validationLogDensities);
    }

    @Override
    public int hashCode() {
        return 31 * architecture.hashCode() + parameters.hashCode();
    }

    @Override
    public String toString() {
        return "ModelContents[" + architecture + ", columns=" + columns + ", conditions=" + conditions + "]";
    }
}
