package io.github.slicedscore.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the example prints where all is well. */
final class Trained {
    private static final Pattern DENSITIES = Pattern.compile("within the data (\\S+)\nfar away (\\S+)\nscore 2\n$");

    private Trained() {}

    /** It has trained a model, saved and loaded it, by which a far row is the less probable one. */
    static void assertIn(Command.Outcome outcome) {
        assertThat(outcome.code()).as(outcome.err()).isZero();
        Matcher densities = DENSITIES.matcher(outcome.out());
        assertThat(densities.find()).as(outcome.out()).isTrue();
        assertThat(Double.parseDouble(densities.group(1))).isGreaterThan(Double.parseDouble(densities.group(2)));
        assertThat(outcome.out()).containsPattern("(?m)^cpu: Available");
    }

    /** It has done so on the processor, without a warning, for want of a device. */
    static void assertWithoutDevice(Command.Outcome outcome) {
        assertIn(outcome);
        assumeNoDevice();
        assertThat(outcome.out()).contains("cuda: Unavailable[reason=no NVIDIA device is visible");
        assertThat(outcome.err()).isEmpty();
    }

    /** It has done so on the processor, with one warning that says why the device is not used. */
    static void assertWithWarning(Command.Outcome outcome, String reason) {
        assertIn(outcome);
        assertThat(outcome.out()).containsPattern("(?m)^cuda: Unavailable\\[reason=.*" + reason);
        assertThat(outcome.err().lines()).hasSize(2);
        assertThat(outcome.err()).containsPattern("WARNING: backend cuda is not used: .*" + reason);
    }

    static void assumeNoDevice() {
        assumeThat(Path.of("/dev/nvidiactl")).as("an NVIDIA device").doesNotExist();
    }
}
