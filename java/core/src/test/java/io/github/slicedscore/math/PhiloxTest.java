package io.github.slicedscore.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhiloxTest {
    /** Standard deviations that a mean may be off: exceeded by chance once in 10^9 seeds, and the seed is fixed. */
    private static final double SIGMAS = 6;

    /** The file kat_vectors of Random123, philox4x32 with 10 rounds. */
    @ParameterizedTest
    @CsvSource({
        "00000000 00000000 00000000 00000000, 00000000 00000000, 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
        "ffffffff ffffffff ffffffff ffffffff, ffffffff ffffffff, 408f276d 41c83b0e a20bc7c6 6d5451fd",
        "243f6a88 85a308d3 13198a2e 03707344, a4093822 299f31d0, d16cfe09 94fdcceb 5001e420 24126ea1"
    })
    void givesTheKnownAnswersOfRandom123(String counter, String key, String answer) {
        int[] c = words(counter);
        int[] k = words(key);
        Philox philox = new Philox();

        philox.draw(((long) k[1] << 32) | (k[0] & 0xFFFFFFFFL), c[0], c[1], c[2], c[3]);

        assertThat(new int[] {philox.word(0), philox.word(1), philox.word(2), philox.word(3)})
                .isEqualTo(words(answer));
    }

    private static int[] words(String hexadecimal) {
        return Arrays.stream(hexadecimal.split(" "))
                .mapToInt(word -> Integer.parseUnsignedInt(word, 16))
                .toArray();
    }

    @Test
    void putsPositionBlockTagSliceAndStepIntoTheCounter() {
        Philox named = new Philox();
        Philox plain = new Philox();

        named.draw(42, 7, 3, RandomStream.SLICES, 5, 11);
        plain.draw(42, 7, 3, RandomStream.SLICES.tag() << 24 | 5, 11);

        for (int i = 0; i < 4; i++) {
            assertThat(named.word(i)).isEqualTo(plain.word(i));
        }
    }

    @Test
    void hasFourWords() {
        assertThatThrownBy(() -> new Philox().word(4)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void uniformNumbersHaveTheMomentsOfUniformNumbers() {
        Philox philox = new Philox();
        int n = 400_000;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < n / 4; i++) {
            philox.draw(1, i, 0, RandomStream.NOISE, 0, 0);
            for (int word = 0; word < 4; word++) {
                double centred = philox.uniform(word) - 0.5;
                sum += centred;
                squares += centred * centred;
            }
        }
        assertThat(sum / n).isCloseTo(0, within(SIGMAS * Math.sqrt(1 / 12.0 / n)));
        // The variance of a centred uniform number's square is 1/80 - 1/144 = 1/180.
        assertThat(squares / n).isCloseTo(1 / 12.0, within(SIGMAS * Math.sqrt(1 / 180.0 / n)));
    }

    @Test
    void uniformNumbersStayStrictlyBetweenZeroAndOne() {
        Philox philox = new Philox();
        boolean low = false;
        boolean high = false;
        for (int i = 0; !(low && high); i++) {
            philox.draw(2, i, 0, RandomStream.NOISE, 0, 0);
            for (int word = 0; word < 4; word++) {
                int upper = philox.word(word) >>> 8;
                if (upper == 0) {
                    low = true;
                    assertThat(philox.uniform(word)).isEqualTo(0x1p-25);
                } else if (upper == 0xFFFFFF) {
                    high = true;
                    assertThat(philox.uniform(word)).isEqualTo(1 - 0x1p-25);
                    assertThat(philox.normal(word)).isFinite();
                }
            }
        }
    }

    @Test
    void normalNumbersHaveTheMomentsOfNormalNumbersAndAreUncorrelated() {
        Philox philox = new Philox();
        int n = 200_000;
        double[] power = new double[5];
        double neighbours = 0;
        float[] row = new float[7];
        int count = 0;
        for (int i = 0; i < n / 7; i++) {
            philox.normals(3, i, RandomStream.NOISE, 0, 9, row, 0, 7);
            for (int j = 0; j < 7; j++) {
                double x = row[j];
                power[1] += x;
                power[2] += x * x;
                power[3] += x * x * x;
                power[4] += x * x * x * x;
                neighbours += j > 0 ? x * row[j - 1] : 0;
                count++;
            }
        }
        // Variances of x, x^2, x^3 and x^4: E x^2k - (E x^k)^2 = 1, 3 - 1, 15, 105 - 9.
        double[] expected = {1, 0, 1, 0, 3};
        double[] variance = {0, 1, 2, 15, 96};
        for (int k = 1; k <= 4; k++) {
            assertThat(power[k] / count)
                    .as("moment " + k)
                    .isCloseTo(expected[k], within(SIGMAS * Math.sqrt(variance[k] / count)));
        }
        assertThat(neighbours / count).isCloseTo(0, within(SIGMAS / Math.sqrt(count)));
    }

    @Test
    void normalsFillTheRangeOnlyWithFourNumbersADraw() {
        Philox philox = new Philox();
        float[] row = new float[8];
        philox.normals(5, 1, RandomStream.NOISE, 2, 3, row, 1, 7);

        assertThat(row[0]).isZero();
        assertThat(row[7]).isZero();
        philox.draw(5, 1, 1, RandomStream.NOISE, 2, 3);
        assertThat(row[5]).isEqualTo(philox.normal(0));
        assertThat(row[6]).isEqualTo(philox.normal(1));
    }

    @Test
    void normalIsTheTransformOfBoxAndMuller() {
        Philox philox = new Philox();
        philox.draw(5, 1, 1, RandomStream.NOISE, 2, 3);
        for (int pair = 0; pair < 4; pair += 2) {
            double radius = Math.sqrt(-2 * Math.log(philox.uniform(pair)));
            double angle = 2 * Math.PI * philox.uniform(pair + 1);
            assertThat(philox.normal(pair)).isCloseTo((float) (radius * Math.cos(angle)), within(1e-6f));
            assertThat(philox.normal(pair + 1)).isCloseTo((float) (radius * Math.sin(angle)), within(1e-6f));
        }
    }

    @Test
    void signsAreTheBitsFromTheLowestOfTheFirstWord() {
        Philox philox = new Philox();
        float[] row = new float[131];
        philox.signs(6, 4, RandomStream.SLICES, 1, 2, row, 1, 131);

        assertThat(row[0]).isZero();
        for (int feature = 0; feature < 130; feature++) {
            philox.draw(6, 4, feature / 128, RandomStream.SLICES, 1, 2);
            boolean set = (philox.word(feature % 128 / 32) >>> feature % 32 & 1) == 1;
            assertThat(row[feature + 1]).as("sign " + feature).isEqualTo(set ? 1f : -1f);
        }
    }

    @Test
    void signsAreFairAndUncorrelated() {
        Philox philox = new Philox();
        int n = 4000;
        float[] row = new float[50];
        double sum = 0;
        double neighbours = 0;
        double same = 0;
        for (int i = 0; i < n; i++) {
            float[] before = row.clone();
            philox.signs(8, i, RandomStream.SLICES, 0, 0, row, 0, row.length);
            for (int j = 0; j < row.length; j++) {
                sum += row[j];
                same += row[j] * before[j];
                neighbours += j > 0 ? row[j] * row[j - 1] : 0;
            }
        }
        double tolerance = SIGMAS * Math.sqrt((double) n * row.length);
        assertThat(sum).isCloseTo(0, within(tolerance));
        assertThat(neighbours).isCloseTo(0, within(tolerance));
        assertThat(same).isCloseTo(0, within(tolerance));
    }

    @Test
    void streamsHaveDifferentTagsThatFitIntoAByte() {
        assertThat(Arrays.stream(RandomStream.values())
                        .mapToInt(RandomStream::tag)
                        .distinct())
                .hasSize(RandomStream.values().length)
                .allMatch(tag -> tag > 0 && tag < 0xFE);
    }
}
