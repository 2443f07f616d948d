package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.model.Activation;
import java.util.Arrays;

/**
 * One kernel of a {@link DeepKernelNetwork} as a block: jets of the features phi in, jets of rho exp(-|phi - psi_l|^2 / (2 h)) for
 * every inducing point's features psi_l out; it assumes nothing about what stands before or after it.
 *
 * <p>The exponent t_l = -|phi - psi_l|^2 / 2 is affine in phi and a = -|phi|^2 / 2: t_l = psi_l.phi + a - |psi_l|^2 / 2. So with the
 * jets of a as one more feature, whose weight is one, an affine block with the weights psi makes the jets of all exponents, and its
 * reverse and its weight gradient are theirs:
 *
 * <pre>
 * a1_m = -phi.phi1_m                      a2 = -phi.phi2 - sum_m |phi1_m|^2
 * e    = rho exp(t / h)                   e1_m = e t1_m / h               e2 = e (sum_m (t1_m / h)^2 + t2 / h)
 * </pre>
 *
 * <p>where sums run over curved tangents. Value streams of t are not the block's, in which large numbers cancel, but sums of
 * squared differences. With adjoints K, K1_m, K2 of e, e1_m, e2 over rho and with tau = t / h:
 *
 * <pre>
 * A      = sum_m K1_m tau1_m        Q = sum_m tau1_m^2 + tau2        B = K + A + K2 Q
 * dtau   = e B                      dtau1_m = e (K1_m + 2 K2 tau1_m)               dtau2 = e K2
 * dlog rho = sum e B                dlog h = -sum (dtau tau + sum_m dtau1_m tau1_m + dtau2 tau2)
 * </pre>
 *
 * <p>K's streams are given as sums of seeds, one for each row, times coefficients, one for each point.
 */
final class GaussianKernel {
    /** Rows of memory that a reverse pass needs, with two seeds at the most. */
    static final int WORK_ROWS = 7;

    /** The affine block; its bias and the weight of the last feature are not parameters. */
    final MlpBlock products;

    /** F. */
    private final int features;
    /** L. */
    private final int points;
    /** psi, a row for each feature. */
    private final float[][] psi;
    /** The block's parameters, or their gradient, in the public order: by point psi and one; then biases, which are zero. */
    private final float[] flat;

    private float weight;
    private float inverse;

    GaussianKernel(Kernels kernels, int features, int points) {
        this.features = features;
        this.points = points;
        products = kernels.block(new MlpShape(new int[] {features + 1, points}, Activation.SOFTPLUS, false, false));
        psi = new float[features][points];
        flat = new float[(features + 2) * points];
    }

    /** The streams of some samples. */
    static final class Jets {
        /** Of the affine block. The first F numbers of its input rows are phi's streams, and of its input's adjoints phi's adjoints. */
        final JetBuffers products;
        /** tau's value streams. Its others are in the rows of the block's output, tau1_m and at last Q; the first one is e. */
        private final float[][] exponents;
        /** Sums of the curved tau1_m^2. */
        private final float[][] squares;
        /** By sample, derivatives of the loss in log rho and in log h. */
        final double[] weightAdjoint;

        final double[] widthAdjoint;

        private Jets(JetBuffers products, int samples, int points) {
            this.products = products;
            exponents = new float[samples][points];
            squares = new float[products.shape.second() ? samples : 0][points];
            weightAdjoint = new double[samples];
            widthAdjoint = new double[samples];
        }
    }

    /** Seeds by row, and the coefficients by point that they are multiplied by. */
    record Seeds(float[] rows, float[] coefficients) {}

    Jets buffers(JetShape shape, int samples, Reverse reverse) {
        Reverse inner = reverse == Reverse.NONE ? Reverse.NONE : Reverse.INPUT;
        return new Jets(products.buffers(shape, samples, inner), samples, points);
    }

    /**
     * Takes parameters.
     *
     * @param newPsi features of the inducing points, a row for each; longer rows are cut
     * @param rho weight of the kernel
     * @param h bandwidth
     */
    void load(float[][] newPsi, double rho, double h) {
        weight = (float) rho;
        inverse = (float) (1 / h);
        for (int l = 0; l < points; l++) {
            System.arraycopy(newPsi[l], 0, flat, l * (features + 1), features);
            flat[l * (features + 1) + features] = 1f;
            for (int k = 0; k < features; k++) {
                psi[k][l] = newPsi[l][k];
            }
        }
        Arrays.fill(flat, (features + 1) * points, flat.length, 0f);
        products.weights().load(flat);
    }

    /**
     * From the gradient of the block's parameters to that of psi.
     *
     * @param gradient the block's pieces
     * @param psiAdjoint where a row for each point goes, from an index on
     * @param offset that index
     */
    void psiAdjoint(float[][] gradient, float[][] psiAdjoint, int offset) {
        products.weights().flatten(gradient, flat, 0);
        for (int l = 0; l < points; l++) {
            float bias = flat[(features + 1) * points + l];
            for (int k = 0; k < features; k++) {
                psiAdjoint[l][offset + k] = flat[l * (features + 1) + k] - bias * psi[k][l];
            }
        }
    }

    /**
     * Runs samples from .. to-1 forward.
     *
     * @param jets phi's streams filled
     * @param from first sample
     * @param to one past the last sample
     * @param sum rows of L numbers that e's streams are added to
     * @param scratch memory of the calling thread
     */
    void forward(Jets jets, int from, int to, float[][] sum, Scratch scratch) {
        int streams = jets.products.shape.streams();
        for (int n = from; n < to; n++) {
            addNorm(jets.products, n * streams);
        }
        products.forward(jets.products, from, to, true, scratch);
        for (int n = from; n < to; n++) {
            activate(jets, n, n * streams, sum);
        }
    }

    /** The jets of -|phi|^2 / 2, behind phi's. */
    private void addNorm(JetBuffers buffers, int row) {
        float[][] in = buffers.input;
        JetShape shape = buffers.shape;
        float[] phi = in[row];
        phi[features] = (float) (-0.5 * dot(phi, phi));
        double second = 0;
        for (int m = 0; m < shape.tangents(); m++) {
            float[] tangent = in[row + 1 + m];
            tangent[features] = (float) -dot(phi, tangent);
            second -= m < shape.curved() ? dot(tangent, tangent) : 0;
        }
        if (shape.second()) {
            float[] last = in[row + shape.streams() - 1];
            last[features] = (float) (second - dot(phi, last));
        }
    }

    private void activate(Jets jets, int sample, int row, float[][] sum) {
        JetShape shape = jets.products.shape;
        float[][] tau = jets.products.output;
        float[] exponent = jets.exponents[sample];
        float[] e = tau[row];
        distances(jets.products.input[row], exponent);
        ActivationFunction.exponentials(exponent, points, e);
        invert(weight, e, sum[row], points);
        int last = row + shape.streams() - 1;
        if (shape.second()) {
            Arrays.fill(jets.squares[sample], 0f);
        }
        for (int m = 0; m < shape.tangents(); m++) {
            tangent(inverse, tau[row + 1 + m], e, sum[row + 1 + m], points);
            if (m < shape.curved()) {
                addSquare(tau[row + 1 + m], jets.squares[sample], points);
            }
        }
        if (shape.second()) {
            second(inverse, jets.squares[sample], tau[last], e, sum[last], points);
        }
    }

    /** exponent_l = -|phi - psi_l|^2 / (2 h). */
    private void distances(float[] phi, float[] exponent) {
        Arrays.fill(exponent, 0f);
        int k = 0;
        for (; k + 1 < features; k += 2) {
            addDistances(phi[k], psi[k], phi[k + 1], psi[k + 1], exponent, points);
        }
        if (k < features) {
            addDistance(phi[k], psi[k], exponent, points);
        }
        scale(-0.5f * inverse, exponent, points);
    }

    private static void addDistances(float x, float[] a, float y, float[] b, float[] sum, int points) {
        for (int l = 0; l < points; l++) {
            float u = x - a[l];
            float v = y - b[l];
            sum[l] += u * u + v * v;
        }
    }

    private static void addDistance(float x, float[] a, float[] sum, int points) {
        for (int l = 0; l < points; l++) {
            float u = x - a[l];
            sum[l] += u * u;
        }
    }

    private static void scale(float factor, float[] x, int points) {
        for (int l = 0; l < points; l++) {
            x[l] *= factor;
        }
    }

    private static void invert(float weight, float[] e, float[] sum, int points) {
        for (int l = 0; l < points; l++) {
            float value = weight * ActivationFunction.kept(e[l]) / e[l];
            e[l] = value;
            sum[l] += value;
        }
    }

    private static void tangent(float inverse, float[] tau, float[] e, float[] sum, int points) {
        for (int l = 0; l < points; l++) {
            float t = inverse * tau[l];
            tau[l] = t;
            sum[l] += e[l] * t;
        }
    }

    private static void addSquare(float[] tau, float[] squares, int points) {
        for (int l = 0; l < points; l++) {
            squares[l] += tau[l] * tau[l];
        }
    }

    private static void second(float inverse, float[] squares, float[] tau, float[] e, float[] sum, int points) {
        for (int l = 0; l < points; l++) {
            float q = squares[l] + inverse * tau[l];
            tau[l] = q;
            sum[l] += e[l] * q;
        }
    }

    /**
     * Runs samples from .. to-1 backward, to phi's adjoints.
     *
     * @param jets after {@link #forward}
     * @param seeds the adjoints of all rows of e are the sums of these
     * @param from first sample
     * @param to one past the last sample
     * @param work {@link #WORK_ROWS} rows of L numbers of the calling thread
     * @param scratch memory of the calling thread
     */
    void reverse(Jets jets, Seeds[] seeds, int from, int to, float[][] work, Scratch scratch) {
        int streams = jets.products.shape.streams();
        for (int n = from; n < to; n++) {
            deactivate(jets, seeds, n, n * streams, work);
        }
        products.reverse(jets.products, from, to, scratch);
        for (int n = from; n < to; n++) {
            addNormAdjoint(jets.products, n * streams);
        }
    }

    private void deactivate(Jets jets, Seeds[] seeds, int sample, int row, float[][] work) {
        JetShape shape = jets.products.shape;
        float[][] tau = jets.products.output;
        float[][] adjoint = jets.products.outputAdjoint;
        float[] e = tau[row];
        int last = row + shape.streams() - 1;
        float[] value = work[0]; // B
        float[] spread = work[1]; // what is summed into the derivative in log h, over e
        float[] curvature = work[2]; // K2
        Arrays.fill(spread, 0, points, 0f);
        Arrays.fill(curvature, 0, points, 0f);
        for (int c = 0; c < seeds.length; c++) {
            float[] along = work[3 + 2 * c];
            float[] scaled = work[4 + 2 * c];
            float[] of = seeds[c].rows();
            float[] coefficients = seeds[c].coefficients();
            Arrays.fill(along, 0, points, 0f);
            for (int m = 1; m <= shape.tangents(); m++) {
                add(of[row + m], tau[row + m], along, points);
            }
            addProduct(coefficients, along, spread, points);
            if (shape.second()) {
                add(of[last], coefficients, curvature, points);
            }
            product(inverse, coefficients, e, scaled, points);
        }
        System.arraycopy(spread, 0, value, 0, points);
        for (Seeds seed : seeds) {
            add(seed.rows()[row], seed.coefficients(), value, points);
        }
        if (shape.second()) {
            addProduct(curvature, tau[last], value, points);
            addSum(curvature, tau[last], jets.squares[sample], spread, points);
            product(inverse, curvature, e, adjoint[last], points);
        }
        product(inverse, value, e, adjoint[row], points);
        double mass = 0;
        double width = 0;
        float[] exponent = jets.exponents[sample];
        for (int l = 0; l < points; l++) {
            mass += e[l] * value[l];
            width += e[l] * (value[l] * exponent[l] + spread[l]);
        }
        jets.weightAdjoint[sample] = mass;
        jets.widthAdjoint[sample] = -width;
        for (int m = 1; m <= shape.tangents(); m++) {
            float[] to = adjoint[row + m];
            product(seeds[0].rows()[row + m], work[4], to, points);
            for (int c = 1; c < seeds.length; c++) {
                add(seeds[c].rows()[row + m], work[4 + 2 * c], to, points);
            }
            if (m <= shape.curved()) {
                addTwice(adjoint[last], tau[row + m], to, points);
            }
        }
    }

    private static void add(float factor, float[] x, float[] sum, int points) {
        for (int l = 0; l < points; l++) {
            sum[l] += factor * x[l];
        }
    }

    private static void addProduct(float[] x, float[] y, float[] sum, int points) {
        for (int l = 0; l < points; l++) {
            sum[l] += x[l] * y[l];
        }
    }

    /** sum += x (y + z). */
    private static void addSum(float[] x, float[] y, float[] z, float[] sum, int points) {
        for (int l = 0; l < points; l++) {
            sum[l] += x[l] * (y[l] + z[l]);
        }
    }

    private static void addTwice(float[] x, float[] y, float[] sum, int points) {
        for (int l = 0; l < points; l++) {
            sum[l] += 2f * x[l] * y[l];
        }
    }

    private static void product(float factor, float[] x, float[] result, int points) {
        for (int l = 0; l < points; l++) {
            result[l] = factor * x[l];
        }
    }

    private static void product(float factor, float[] x, float[] y, float[] result, int points) {
        for (int l = 0; l < points; l++) {
            result[l] = factor * x[l] * y[l];
        }
    }

    /** What phi's adjoints get from those of the jets of -|phi|^2 / 2. */
    private void addNormAdjoint(JetBuffers buffers, int row) {
        float[][] in = buffers.input;
        float[][] adjoint = buffers.inputAdjoint;
        JetShape shape = buffers.shape;
        int last = row + shape.streams() - 1;
        addTo(adjoint[row], -adjoint[row][features], in[row]);
        for (int m = 1; m <= shape.tangents(); m++) {
            float o = adjoint[row + m][features];
            addTo(adjoint[row], -o, in[row + m]);
            addTo(adjoint[row + m], -o, in[row]);
            if (m <= shape.curved()) {
                addTo(adjoint[row + m], -2 * adjoint[last][features], in[row + m]);
            }
        }
        if (shape.second()) {
            addTo(adjoint[row], -adjoint[last][features], in[last]);
            addTo(adjoint[last], -adjoint[last][features], in[row]);
        }
    }

    private void addTo(float[] sum, float factor, float[] x) {
        for (int k = 0; k < features; k++) {
            sum[k] += factor * x[k];
        }
    }

    private double dot(float[] x, float[] y) {
        double sum = 0;
        for (int k = 0; k < features; k++) {
            sum += (double) x[k] * y[k];
        }
        return sum;
    }
}
