package io.github.slicedscore.bench;

import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas_full;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A configuration's training in libtorch, PyTorch's C++ library, called from Java: new Rademacher slices, the next rows, loss,
 * gradient and libtorch's Adam. The twin of {@code bench/peers/torch_forms.py}.
 */
final class LibtorchTraining implements StepTurns.Training {
    /** How the derivatives along v are made. */
    enum Form {
        /** By differentiating with create_graph, as everyone writes it. */
        EAGER,
        /** Value and derivatives along v as rows of one matrix, stacked by hand. */
        JETS
    }

    private static final Scalar HALF = new Scalar(0.5);
    private static final Scalar ONE = new Scalar(1.0);
    private static final Scalar TWO = new Scalar(2.0);
    /** Of the largest element of a gradient. */
    private static final float TOLERANCE = 1e-4f;

    private final Config config;
    private final Form form;
    private final boolean energy;
    private final boolean varianceReduced;
    private final Tensor rows;
    private final Tensor[] weights;
    private final Tensor[] biases;
    private final Adam adam;
    private int batch;

    LibtorchTraining(Config config, Form form, int threads) {
        this.config = config;
        this.form = form;
        energy = config.architecture instanceof EnergyMlp;
        varianceReduced = config.objective instanceof VarianceReducedScoreMatching;
        torch.set_num_threads(threads);
        openblas_full.openblas_set_num_threads(threads);
        int dimension = config.architecture.dimension();
        rows = tensor(config.trainingRows().values(), config.trainingRows().rows(), dimension);
        float[] values = Parameters.initialize(config.architecture, Config.SEED).toArray();
        ParameterLayout layout = ParameterLayout.of(config.architecture);
        int[] widths = config.widths();
        int layers = widths.length - 1;
        weights = new Tensor[layers];
        biases = new Tensor[layers];
        TensorVector all = new TensorVector();
        for (int layer = 0; layer < layers; layer++) {
            int in = widths[layer];
            int out = widths[layer + 1];
            int weight = layout.weightOffset(layer);
            int bias = layout.biasOffset(layer);
            weights[layer] = tensor(Arrays.copyOfRange(values, weight, weight + in * out), out, in);
            biases[layer] = tensor(Arrays.copyOfRange(values, bias, bias + out), out);
            all.push_back(weights[layer].set_requires_grad(true));
            all.push_back(biases[layer].set_requires_grad(true));
        }
        adam = new Adam(all, new AdamOptions(1e-3));
    }

    /** What this library is. */
    static String describe() {
        Matcher version = Pattern.compile("TORCH_VERSION=([^,]*)")
                .matcher(torch.show_config().getString());
        return "libtorch " + (version.find() ? version.group(1) : "?") + " with OpenBLAS' kernels for "
                + openblas_full.openblas_get_corename().getString();
    }

    /**
     * Compares the gradients of all forms on one batch.
     *
     * @throws IllegalStateException if they are not the same to rounding
     */
    static void requireAgreement(Config config) {
        float[] reference = new float[0];
        for (Form form : Form.values()) {
            try (LibtorchTraining training = new LibtorchTraining(config, form, 1)) {
                torch.manual_seed(1);
                freeing(training::backward);
                float[] found = training.gradient();
                if (reference.length == 0) {
                    reference = found;
                }
                float largest = 0;
                float deviation = 0;
                for (int i = 0; i < found.length; i++) {
                    largest = Math.max(largest, Math.abs(reference[i]));
                    deviation = Math.max(deviation, Math.abs(reference[i] - found[i]));
                }
                if (!(deviation <= TOLERANCE * largest)) {
                    throw new IllegalStateException(
                            "the gradient of " + form + " differs by " + deviation + " of " + largest);
                }
            }
        }
    }

    @Override
    public void steps(int count) {
        for (int i = 0; i < count; i++) {
            freeing(() -> {
                backward();
                adam.step();
                adam.zero_grad();
            });
        }
    }

    /** Works, and then frees the tensors that were made at once; their finalisers would come too late. */
    @SuppressWarnings("try") // Of a scope only its end is wanted.
    private static void freeing(Runnable work) {
        try (PointerScope scope = new PointerScope()) {
            work.run();
        }
    }

    /** Leaves the gradient of the next batch in the parameters. */
    private void backward() {
        Tensor x = rows.narrow(0, (long) batch * config.batch, config.batch);
        batch = (batch + 1) % Config.BATCHES;
        Tensor v = torch.randint_like(x, 2).mul_(TWO).sub_(ONE);
        loss(x, v).backward();
    }

    private Tensor loss(Tensor x, Tensor v) {
        return form == Form.JETS ? stacked(x, v) : doubleBackward(x.detach().set_requires_grad(true), v);
    }

    private Tensor doubleBackward(Tensor x, Tensor v) {
        Tensor out = network(x);
        if (!energy) {
            return varianceReduced(out, derivative(out.mul(v).sum(), x), v);
        }
        Tensor s = derivative(out.sum(), x);
        Tensor p = s.mul(v).sum(1);
        Tensor hv = derivative(p.sum(), x);
        return varianceReduced ? varianceReduced(s, hv, v) : sliced(p, hv.mul(v).sum(1));
    }

    private Tensor network(Tensor x) {
        Tensor a = x;
        for (int layer = 0; layer < weights.length; layer++) {
            a = torch.linear(a, weights[layer], biases[layer]);
            if (layer + 1 < weights.length) {
                a = torch.softplus(a);
            }
        }
        return a;
    }

    private static Tensor derivative(Tensor of, Tensor by) {
        return torch.grad(
                        new TensorVector(of),
                        new TensorVector(by),
                        new TensorVector(),
                        new BoolOptional(true),
                        true,
                        false)
                .get(0);
    }

    /** For an energy's SSM-VR the second derivative is that along x + t v + t^2 s / 2 with s held fixed, v.H v + s.grad f. */
    private Tensor stacked(Tensor x, Tensor v) {
        long streams = energy ? 3 : 2;
        Tensor s = varianceReduced && energy ? score(x) : torch.zeros_like(x);
        Tensor a = torch.cat(energy ? new TensorVector(x, v, s) : new TensorVector(x, v));
        for (int layer = 0; layer < weights.length; layer++) {
            TensorVector z = a.matmul(weights[layer].t()).chunk(streams);
            Tensor value = z.get(0).add(biases[layer]);
            Tensor first = z.get(1);
            Tensor second = energy ? z.get(2) : first;
            if (layer + 1 < weights.length) {
                Tensor slope = torch.sigmoid(value);
                if (energy) {
                    Tensor bend = slope.sub(slope.mul(slope));
                    second = bend.mul(first).mul(first).add(slope.mul(second));
                }
                value = torch.softplus(value);
                first = slope.mul(first);
            }
            a = energy ? torch.cat(new TensorVector(value, first, second)) : torch.cat(new TensorVector(value, first));
        }
        TensorVector parts = a.chunk(streams);
        if (!energy) {
            return varianceReduced(parts.get(0), parts.get(1), v);
        }
        Tensor second = parts.get(2).squeeze(1);
        return varianceReduced
                ? second.sub(s.mul(s).sum(1).mul(HALF)).mean()
                : sliced(parts.get(1).squeeze(1), second);
    }

    /** An energy's, as a constant. */
    private Tensor score(Tensor x) {
        Tensor at = x.detach().set_requires_grad(true);
        return derivative(network(at).sum(), at).detach();
    }

    private static Tensor varianceReduced(Tensor s, Tensor jv, Tensor v) {
        return v.mul(jv).sum(1).add(s.mul(s).sum(1).mul(HALF)).mean();
    }

    private static Tensor sliced(Tensor p, Tensor q) {
        return q.add(p.mul(p).mul(HALF)).mean();
    }

    private float[] gradient() {
        float[] all = new float[0];
        for (Tensor parameter : parameters()) {
            float[] values = new float[(int) parameter.numel()];
            // Double backward leaves out an energy's last bias, which has no part in the loss.
            if (parameter.grad().defined()) {
                parameter.grad().contiguous().data_ptr_float().get(values);
            }
            int from = all.length;
            all = Arrays.copyOf(all, from + values.length);
            System.arraycopy(values, 0, all, from, values.length);
        }
        return all;
    }

    private List<Tensor> parameters() {
        return Stream.concat(Arrays.stream(weights), Arrays.stream(biases)).toList();
    }

    private static Tensor tensor(float[] values, long... shape) {
        return torch.tensor(values).view(shape);
    }

    @Override
    public void close() {
        parameters().forEach(Tensor::close);
        rows.close();
        adam.close();
    }
}
