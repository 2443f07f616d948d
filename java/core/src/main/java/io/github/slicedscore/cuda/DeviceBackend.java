package io.github.slicedscore.cuda;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.BackendUnavailableException;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.Precision;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Parameters;

/**
 * A CUDA device. Beside what every backend does, it takes rows that are on the device already, and gives results there.
 *
 * <p>Arrays and streams are {@link org.bytedeco.javacpp.Pointer}s, which every type of the JavaCPP presets for CUDA is:
 *
 * <pre>{@code
 * FloatPointer rows = new FloatPointer();
 * FloatPointer scores = new FloatPointer();
 * cudaMalloc(rows, 4L * count * inputs);
 * cudaMalloc(scores, 4L * count * dimension);
 * CUstream_st stream = new CUstream_st();
 * cudaStreamCreate(stream);
 * try (DeviceBackend backend = DeviceBackend.open(0);
 *         DeviceScorer scorer = backend.openScorer(model.architecture(), model.parameters(), model.standardizer())) {
 *     // ... kernels or copies of the caller's that fill rows, on the stream ...
 *     scorer.evaluate(stream, rows, count, null, scores);
 *     // ... work that uses the scores, on the stream; no copy through the host, and nothing has waited so far ...
 *     cudaStreamSynchronize(stream);
 * }
 * }</pre>
 *
 * <p>Every method throws {@link CudaOutOfMemoryException}, {@link CudaException} or {@link CudaFatalException} where the
 * device fails.
 */
public interface DeviceBackend extends Backend {
    /**
     * Opens a device in single precision.
     *
     * @param device its index, from 0
     * @return an open backend
     * @throws BackendUnavailableException with reason and remedy, if it can't be used here
     */
    static DeviceBackend open(int device) {
        return open(device, Precision.FP32);
    }

    /**
     * Opens a device in a precision, which is that of all that it opens, scorers too.
     *
     * @param device its index, from 0
     * @param precision of matrix products
     * @return an open backend
     * @throws BackendUnavailableException with reason and remedy, if it can't be used here, or lacks the precision
     */
    static DeviceBackend open(int device, Precision precision) {
        return (DeviceBackend) Backends.open("cuda", new BackendOptions(0, device, precision));
    }

    @Override
    DeviceTrainingRun openTraining(TrainingSpec spec, TrainingRows rows, TrainingState start);

    @Override
    DeviceScorer openScorer(Architecture architecture, Parameters parameters);

    /**
     * Opens a network for inference in the data's units: rows, directions and results are as {@code ScoreModel} has them.
     *
     * @param architecture the network
     * @param parameters its parameters
     * @param units the map from the data's units to the network's, D + C columns
     * @return a scorer that any number of threads may use at once
     * @throws IllegalArgumentException if the units have another number of columns than the network has inputs
     */
    DeviceScorer openScorer(Architecture architecture, Parameters parameters, Standardizer units);
}
