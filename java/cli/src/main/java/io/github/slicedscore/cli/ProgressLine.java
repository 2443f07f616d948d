package io.github.slicedscore.cli;

import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.model.DeepKernelEnergy;
import io.github.slicedscore.train.TrainingListener;
import io.github.slicedscore.train.TrainingPlan;
import io.github.slicedscore.train.TrainingPoint;
import java.io.PrintWriter;
import java.util.Locale;

/** Shows how a training comes along: a bar that is redrawn in place on a terminal, a line every few seconds elsewhere. */
final class ProgressLine implements TrainingListener {
    private static final int BAR_WIDTH = 24;

    private final PrintWriter err;
    private final String title;
    private final StatusLine line;
    private long steps;
    private long firstStep;
    private long step;
    private long started;
    /** Training rows that coefficients are solved for on at the end; 0 where there are none. */
    private int solved;

    private double loss = Double.NaN;
    private double validationLoss = Double.NaN;

    /**
     * A progress line.
     *
     * @param err where it goes
     * @param title what each line begins with, or empty
     */
    ProgressLine(PrintWriter err, String title) {
        this(err, title, new StatusLine(err));
    }

    ProgressLine(PrintWriter err, String title, StatusLine line) {
        this.err = err;
        this.title = title;
        this.line = line;
    }

    @Override
    public void started(TrainingPlan plan) {
        steps = plan.steps();
        solved = plan.architecture() instanceof DeepKernelEnergy ? plan.trainingRows() : 0;
        firstStep = plan.firstStep();
        step = firstStep;
        started = System.nanoTime();
        line.reset();
    }

    @Override
    public boolean mayLag() {
        return true;
    }

    @Override
    public void stepped(StepResult result) {
        step = result.step();
        // A mean over about the last 100 steps; single batches jump too much to be read.
        double weight = Math.max(0.01, 1.0 / (step - firstStep));
        loss = Double.isNaN(loss) ? result.loss() : loss + weight * (result.loss() - loss);
        if (line.isDue()) {
            show();
        }
    }

    @Override
    public void validated(TrainingPoint point, boolean best) {
        validationLoss = point.validationLoss();
    }

    /** Shows the last state and leaves the line. */
    @Override
    public void finishing() {
        show();
        line.finish();
        if (solved > 0) {
            err.println(title + "solving for the coefficients on all " + solved + " training rows");
            err.flush();
        }
    }

    /** Says that the end may take as long as a step; any thread may call it. */
    void interrupted() {
        // In one call, as the bar may be drawn meanwhile.
        err.println(
                (line.isLive() ? System.lineSeparator() : "") + "stopping after this step, to write what was learned");
        err.flush();
    }

    private void show() {
        line.show(text(Math.max(1, System.nanoTime() - started) / 1e9));
    }

    private String text(double seconds) {
        double speed = (step - firstStep) / seconds;
        StringBuilder text = new StringBuilder(title);
        if (line.isLive()) {
            int filled = (int) (BAR_WIDTH * step / Math.max(1, steps));
            text.append('[')
                    .append("#".repeat(filled))
                    .append(".".repeat(BAR_WIDTH - filled))
                    .append("] ");
        }
        text.append("step ").append(step).append('/').append(steps);
        if (step > firstStep) {
            text.append(String.format(Locale.ROOT, "  loss %.4f", loss));
        }
        if (!Double.isNaN(validationLoss)) {
            text.append(String.format(Locale.ROOT, "  validation loss %.4f", validationLoss));
        }
        if (step > firstStep) {
            text.append(String.format(Locale.ROOT, "  %.0f steps/s", speed));
            if (step < steps) {
                text.append("  ").append(duration((steps - step) / speed)).append(" left");
            }
        }
        return text.toString();
    }

    /** For example 8 s, 3 min 5 s, 2 h 10 min. */
    static String duration(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        if (whole < 3600) {
            return whole / 60 + " min " + whole % 60 + " s";
        }
        return whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }
}
