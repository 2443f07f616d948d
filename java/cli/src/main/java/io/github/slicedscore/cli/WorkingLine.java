package io.github.slicedscore.cli;

/**
 * Shows what is being done, and for how long, where nothing tells how far it is: from a thread of its own, so that a single long
 * piece of work is seen, too. Of what is done at once, nothing.
 */
final class WorkingLine implements AutoCloseable {
    private static final long POLL_MILLIS = 100;

    private final StatusLine line;
    private final String title;
    private final Thread thread = new Thread(this::watch, "slicedscore-working");
    private volatile Work work = new Work("", System.nanoTime());

    private record Work(String words, long started) {}

    /**
     * A line, until it is closed.
     *
     * @param line where it is shown; nothing else shows anything there meanwhile
     * @param title what the line begins with
     */
    WorkingLine(StatusLine line, String title) {
        this.line = line;
        this.title = title;
        thread.setDaemon(true);
        thread.start();
    }

    /** Says what is done from now on, in a few words. */
    void does(String words) {
        work = new Work(words, System.nanoTime());
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(POLL_MILLIS);
                Work now = work;
                if (!now.words.isEmpty() && line.isDue()) {
                    double seconds = (System.nanoTime() - now.started) / 1e9;
                    line.show(title + ": " + now.words + ", for " + ProgressLine.duration(seconds));
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        line.finish();
    }
}
