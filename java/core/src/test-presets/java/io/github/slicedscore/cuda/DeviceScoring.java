package io.github.slicedscore.cuda;

import io.github.slicedscore.ScoreModel;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.FloatPointer;

/** Scores of rows that lie on the device, in the units of the model's data. */
final class DeviceScoring implements AutoCloseable {
    private final DeviceBackend backend = DeviceBackend.open(0);
    private final DeviceScorer scorer;

    DeviceScoring(ScoreModel model) {
        scorer = backend.openScorer(model.architecture(), model.parameters(), model.standardizer());
    }

    /** Queued after what the stream holds, and before what it gets later; rows [count, D + C], scores [count, D]. */
    void score(CUstream_st stream, FloatPointer rows, long count, FloatPointer scores) {
        scorer.evaluate(stream, rows, count, null, scores);
    }

    @Override
    public void close() {
        backend.close();
    }
}
