package io.github.slicedscore.internal.cuda;

import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.cuda.CudaFatalException;
import io.github.slicedscore.cuda.CudaOutOfMemoryException;
import io.github.slicedscore.cuda.DeviceScorer;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Parameters;
import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * A network opened for inference on a device. Calls follow one another. Its memory there grows to the longest call so far, up
 * to a limit beyond which rows are taken in several passes.
 */
final class CudaScorer implements DeviceScorer {
    /** Rows that there is room for at first. */
    private static final int FEWEST = 256;

    /** Rows that fill a device. */
    private static final int MOST = 8192;

    /** Floats that a scorer may take there beside the parameters: 1 GiB. */
    private static final long BUDGET = 1 << 28;

    /** Floats a row and unit: value and tangent before and after the activation, and the reverse pass. */
    private static final int FLOATS_A_UNIT = 8;

    private final CudaDevice device;
    private final Architecture architecture;
    private final Parameters parameters;
    private final @Nullable Standardizer units;
    private final int dimension;
    private final int width;
    private final NativeHandle<CudaLibrary.ScorerHandle> handle;
    private int capacity = FEWEST;
    private int most;
    private volatile @Nullable Scorer processor;
    private volatile boolean closed;

    CudaScorer(CudaDevice device, Architecture architecture, Parameters parameters, @Nullable Standardizer units) {
        this.device = device;
        this.architecture = architecture;
        this.parameters = parameters;
        this.units = units;
        dimension = architecture.dimension();
        width = architecture.inputs();
        if (units != null && units.means().length != width) {
            throw new IllegalArgumentException(
                    "units of " + units.means().length + " columns do not fit a network of " + width + " inputs");
        }
        long floatsARow = FLOATS_A_UNIT
                * (long) Arrays.stream(NativeStructs.mlp(architecture).widths()).sum();
        most = (int) Math.max(FEWEST, Math.min(MOST, BUDGET / floatsARow));
        handle = device.own("scorer", openWhatFits(), CudaLibrary::ss_scorer_close);
    }

    private CudaLibrary.ScorerHandle openWhatFits() {
        while (true) {
            try {
                return open(capacity);
            } catch (CudaOutOfMemoryException e) {
                if (capacity == 1) {
                    throw e;
                }
                capacity /= 2;
                most = capacity;
            }
        }
    }

    private CudaLibrary.ScorerHandle open(int rows) {
        CudaLibrary.ScorerHandle scorer = new CudaLibrary.ScorerHandle();
        device.check(CudaLibrary.ss_scorer_open(
                device.number,
                NativeStructs.network(architecture),
                NativeStructs.code(device.precision),
                NativeStructs.code(device.choice),
                parameters.toArray(),
                rows,
                units == null ? null : units.means(),
                units == null ? null : units.deviations(),
                scorer));
        return scorer;
    }

    @Override
    public Architecture architecture() {
        return architecture;
    }

    @Override
    public void evaluate(float[] inputs, int rows, float @Nullable [] values, float @Nullable [] scores) {
        Scorer.requireLength("inputs", inputs.length, rows, width);
        requireDensity(values != null);
        if (values != null) {
            Scorer.requireLength("values", values.length, rows, 1);
        }
        if (scores != null) {
            Scorer.requireLength("scores", scores.length, rows, dimension);
        }
        float[] from = fitting(inputs, rows * width);
        float[] toValues = values == null ? null : fitting(values, rows);
        float[] toScores = scores == null ? null : fitting(scores, rows * dimension);
        onDeviceOrProcessor(
                rows,
                scorer -> CudaLibrary.ss_scorer_evaluate(scorer, from, rows, toValues, toScores),
                other -> other.evaluate(from, rows, toValues, toScores));
        if (values != null && toValues != null) {
            giveBack(toValues, values);
        }
        if (scores != null && toScores != null) {
            giveBack(toScores, scores);
        }
    }

    @Override
    public void jvp(float[] inputs, float[] directions, int rows, float[] products) {
        Scorer.requireLength("inputs", inputs.length, rows, width);
        Scorer.requireLength("directions", directions.length, rows, dimension);
        Scorer.requireLength("products", products.length, rows, dimension);
        float[] from = fitting(inputs, rows * width);
        float[] along = fitting(directions, rows * dimension);
        float[] to = fitting(products, rows * dimension);
        onDeviceOrProcessor(
                rows,
                scorer -> CudaLibrary.ss_scorer_jvp(scorer, from, along, rows, to),
                other -> other.jvp(from, along, rows, to));
        giveBack(to, products);
    }

    @Override
    public void langevin(float[] chains, int count, double[] sizes, long seed, long firstStep) {
        Scorer.requireLength("chains", chains.length, count, width);
        if (units != null) {
            throw new UnsupportedOperationException(
                    "Langevin steps are in the network's units; open the scorer without other ones");
        }
        if (sizes.length == 0) {
            return;
        }
        // A copy, also because a failure may leave some chains further than others.
        float[] moving = Arrays.copyOf(chains, count * width);
        onDeviceOrProcessor(
                count,
                scorer -> CudaLibrary.ss_scorer_langevin(scorer, moving, count, sizes, sizes.length, seed, firstStep),
                other -> {
                    System.arraycopy(chains, 0, moving, 0, moving.length);
                    other.langevin(moving, count, sizes, seed, firstStep);
                });
        giveBack(moving, chains);
    }

    @Override
    public void evaluate(
            @Nullable Pointer stream, Pointer inputs, long rows, @Nullable Pointer values, @Nullable Pointer scores) {
        requireRows(rows);
        requireDensity(values != null);
        long from = DevicePointers.address("inputs", inputs, rows, width);
        long toValues = DevicePointers.address("values", values, rows, 1);
        long toScores = DevicePointers.address("scores", scores, rows, dimension);
        onDevice(
                rows,
                scorer -> CudaLibrary.ss_scorer_evaluate_queued(
                        scorer, DevicePointers.stream(stream), from, rows, toValues, toScores));
    }

    @Override
    public void jvp(@Nullable Pointer stream, Pointer inputs, Pointer directions, long rows, Pointer products) {
        requireRows(rows);
        long from = DevicePointers.address("inputs", inputs, rows, width);
        long along = DevicePointers.address("directions", directions, rows, dimension);
        long to = DevicePointers.address("products", products, rows, dimension);
        onDevice(
                rows,
                scorer ->
                        CudaLibrary.ss_scorer_jvp_queued(scorer, DevicePointers.stream(stream), from, along, rows, to));
    }

    /**
     * The array, or a copy of its beginning where it is longer: a native call copies whole arrays, there and back, which
     * takes long and undoes what other threads write behind the rows.
     */
    private static float[] fitting(float[] array, int length) {
        return array.length == length ? array : Arrays.copyOf(array, length);
    }

    private static void giveBack(float[] fitting, float[] array) {
        if (fitting != array) {
            System.arraycopy(fitting, 0, array, 0, fitting.length);
        }
    }

    private static void requireRows(long rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("at least one row, not " + rows);
        }
    }

    private void requireDensity(boolean valuesAsked) {
        if (valuesAsked && !architecture.isEnergy()) {
            throw new IllegalArgumentException("a score network has no density, so there are no values to compute");
        }
    }

    /** A native call; returns a status. */
    private interface DeviceCall {
        int on(CudaLibrary.ScorerHandle scorer);
    }

    /** The same call of a scorer on the processor. */
    private interface ProcessorCall {
        void on(Scorer scorer);
    }

    private void onDevice(long rows, DeviceCall call) {
        CudaLibrary.ScorerHandle scorer = handle.acquire();
        try {
            device.requireAlive();
            if (rows > 0) {
                device.check(call.on(withRoom(scorer, rows)));
            }
        } finally {
            handle.release();
        }
    }

    private void onDeviceOrProcessor(int rows, DeviceCall call, ProcessorCall otherwise) {
        Scorer other = processor;
        if (other == null) {
            try {
                onDevice(rows, call);
                return;
            } catch (CudaFatalException e) {
                other = goOnWithProcessor(e);
            }
        }
        otherwise.on(other);
    }

    private synchronized Scorer goOnWithProcessor(CudaFatalException error) {
        if (closed) {
            throw new IllegalStateException("the scorer is closed");
        }
        Scorer other = processor;
        if (other == null) {
            other = device.processor(error).openScorer(architecture, parameters);
            if (units != null) {
                other = new UnitsScorer(other, units);
            }
            processor = other;
        }
        return other;
    }

    /** The scorer, reopened with room for more rows where those are many and there is memory for them. */
    private CudaLibrary.ScorerHandle withRoom(CudaLibrary.ScorerHandle scorer, long rows) {
        if (rows <= capacity || capacity == most) {
            return scorer;
        }
        int wanted = (int) Math.min(most, 2 * Long.highestOneBit(rows - 1));
        try {
            CudaLibrary.ScorerHandle larger = open(wanted);
            handle.replace(larger);
            capacity = wanted;
            return larger;
        } catch (CudaOutOfMemoryException e) {
            most = capacity;
            return scorer;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        handle.close();
        if (processor != null) {
            processor.close();
        }
    }
}
