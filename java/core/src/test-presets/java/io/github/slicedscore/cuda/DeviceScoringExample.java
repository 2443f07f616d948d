package io.github.slicedscore.cuda;

import static org.bytedeco.cuda.global.cudart.cudaFree;
import static org.bytedeco.cuda.global.cudart.cudaMalloc;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyAsync;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyDeviceToHost;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyHostToDevice;
import static org.bytedeco.cuda.global.cudart.cudaStreamCreate;
import static org.bytedeco.cuda.global.cudart.cudaStreamDestroy;
import static org.bytedeco.cuda.global.cudart.cudaStreamSynchronize;

import io.github.slicedscore.ScoreModel;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.FloatPointer;

/** The README's example of scoring a batch that lies on the device, in memory and on a stream of the JavaCPP CUDA presets. */
final class DeviceScoringExample {
    private DeviceScoringExample() {}

    /** Scores of rows, both [rows, D] row-major. */
    static float[] scores(ScoreModel model, float[] rows) {
        int dimension = model.architecture().dimension();
        int count = rows.length / model.architecture().inputs();
        float[] result = new float[count * dimension];
        try (DeviceBackend backend = DeviceBackend.open(0);
                DeviceScorer scorer =
                        backend.openScorer(model.architecture(), model.parameters(), model.standardizer())) {
            FloatPointer batch = new FloatPointer();
            FloatPointer scores = new FloatPointer();
            CUstream_st stream = new CUstream_st();
            check(cudaMalloc(batch, 4L * rows.length));
            check(cudaMalloc(scores, 4L * result.length));
            check(cudaStreamCreate(stream));
            // Your kernels would fill the batch and use the scores; a copy each way stands for them.
            FloatPointer from = new FloatPointer(rows);
            FloatPointer to = new FloatPointer(result.length);
            check(cudaMemcpyAsync(batch, from, 4L * rows.length, cudaMemcpyHostToDevice, stream));
            scorer.evaluate(stream, batch, count, null, scores); // queued on the stream; nothing waits
            check(cudaMemcpyAsync(to, scores, 4L * result.length, cudaMemcpyDeviceToHost, stream));
            check(cudaStreamSynchronize(stream));
            to.get(result);
            check(cudaStreamDestroy(stream));
            check(cudaFree(batch));
            check(cudaFree(scores));
        }
        return result;
    }

    private static void check(int status) {
        if (status != 0) {
            throw new IllegalStateException("CUDA error " + status);
        }
    }
}
