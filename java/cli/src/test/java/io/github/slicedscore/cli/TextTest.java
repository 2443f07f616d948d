package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.DeepKernelEnergy;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.train.TrainingPlan;
import io.github.slicedscore.train.TrainingPoint;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is printed, down to the character. */
class TextTest {
    private static final TrainingPlan PLAN = new TrainingPlan(
            new ScoreMlp(1, 0, List.of(), Activation.TANH),
            List.of("a"),
            10,
            2,
            5,
            100,
            20,
            List.of(),
            "plain",
            "cpu-plain");

    @Test
    void namesThatNeedQuotesGetThem() {
        assertThat(CsvText.header(List.of("a b", "x, in m", "5\" disk"))).isEqualTo("a b,\"x, in m\",\"5\"\" disk\"\n");
    }

    @Test
    void samplesShowAHundredThousandthOfTheDeviation() {
        assertThat(CsvText.fixed(0.123456789, CsvText.decimals(0.15))).isEqualTo("0.123457");
        assertThat(CsvText.fixed(1234567.891, CsvText.decimals(250_000))).isEqualTo("1234568");
        assertThat(CsvText.fixed(1.5e-12, CsvText.decimals(1e-11))).isEqualTo("0.0000000000015000");
    }

    @Test
    void elsewhereThanOnATerminalAPlainLine() {
        assertThat(progress(false))
                .matches("step 30/100  loss 2\\.0000  validation loss 7\\.0000  \\d+ steps/s  .* left\\R");
    }

    @Test
    void onATerminalABarInPlace() {
        assertThat(progress(true))
                .startsWith("\r[#######.................] step 30/100  loss")
                .endsWith("\n");
    }

    private static String progress(boolean live) {
        StringWriter text = new StringWriter();
        PrintWriter err = new PrintWriter(text);
        ProgressLine line = new ProgressLine(err, "", new StatusLine(err, live));
        line.started(PLAN);
        for (int step = 21; step <= 30; step++) {
            line.stepped(new StepResult(step, step % 2 == 0 ? 1 : 3, 1));
        }
        line.validated(new TrainingPoint(30, 2, 7, 1, 0.1), true);
        line.finishing();
        return text.toString();
    }

    /** What comes behind the last step may take as long as a thousand of them. */
    @Test
    void theSolveAtTheEndIsSaid() {
        StringWriter text = new StringWriter();
        PrintWriter err = new PrintWriter(text);
        ProgressLine line = new ProgressLine(err, "", new StatusLine(err, false));
        line.started(new TrainingPlan(
                new DeepKernelEnergy(1, List.of(), Activation.TANH, 1, 1, 5, 2),
                List.of("a"),
                10,
                2,
                5,
                100,
                100,
                List.of(),
                "plain",
                "cpu-plain"));
        line.finishing();
        assertThat(text.toString()).matches("step 100/100\\Rsolving for the coefficients on all 10 training rows\\R");
    }

    /** A line for what takes long, of its own thread, as nobody reports from within. */
    @Test
    void whatIsBeingDoneIsSaidWhileItLasts() throws InterruptedException {
        StringWriter text = new StringWriter();
        try (WorkingLine line = new WorkingLine(new StatusLine(new PrintWriter(text), true), "evaluating")) {
            line.does("losses");
            long end = System.nanoTime() + 60_000_000_000L;
            while (!text.toString().contains("losses") && System.nanoTime() < end) {
                Thread.sleep(10);
            }
        }
        assertThat(text.toString()).matches("(\revaluating: losses, for \\d+ s *)+\\R");

        StringWriter quick = new StringWriter();
        try (WorkingLine line = new WorkingLine(new StatusLine(new PrintWriter(quick), false), "evaluating")) {
            line.does("losses");
        }
        assertThat(quick.toString()).isEmpty();
    }

    @Test
    void timesAreShort() {
        assertThat(ProgressLine.duration(7.6)).isEqualTo("8 s");
        assertThat(ProgressLine.duration(185)).isEqualTo("3 min 5 s");
        assertThat(ProgressLine.duration(7800)).isEqualTo("2 h 10 min");
    }

    @Test
    void coloursBeginDarkAndEndLight() {
        assertThat(ColorMap.rgb(-1)).isEqualTo(0x000004);
        assertThat(ColorMap.rgb(0.5)).isEqualTo(0xB63679);
        assertThat(ColorMap.rgb(2)).isEqualTo(0xFCFDBF);
    }
}
