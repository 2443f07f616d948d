/*
 * The C interface of the slicedscore CUDA library.
 *
 * Conventions
 * - Every call returns a status, 0 for success, or says otherwise below. No C++ exception leaves the library.
 * - After a status other than SS_OK, ss_last_error() tells the calling thread what failed: source file and line, the call,
 *   and the sizes involved.
 * - Arrays are dense and row-major, floats are IEEE single precision, sizes are 64-bit.
 * - Arrays of rows, slices, directions, scores and gradients may lie on the host or on a device; so may parameters. Results
 *   that are structs or single numbers, rates, units and half widths lie on the host.
 * - What a call without a stream reads on a device must be there already: such calls wait for no other work.
 * - A stream is a cudaStream_t of the handle's device, of any copy of the CUDA runtime in the process; NULL is the legacy
 *   default stream. A stream that is being captured into a graph is refused.
 * - A thread's current device is after a call what it was before.
 * - Any thread may call.
 */
#ifndef SLICEDSCORE_H
#define SLICEDSCORE_H

#include <stdint.h>

#if defined(__GNUC__)
#define SS_API __attribute__((visibility("default")))
#else
#define SS_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Number of this interface. It grows with every change that old callers would notice. */
#define SS_ABI_VERSION 4

/* Statuses. */
#define SS_OK 0
#define SS_INVALID_ARGUMENT 1 /* the caller's mistake; nothing was done */
#define SS_OUT_OF_MEMORY 2    /* device or host memory; nothing was done */
#define SS_NO_DRIVER 3        /* no NVIDIA driver is loaded */
#define SS_DRIVER_TOO_OLD 4   /* the driver is older than the CUDA version of this library */
#define SS_NO_DEVICE 5        /* a driver, but no device of that number */
#define SS_NO_KERNEL 6        /* this library holds no code for the device */
#define SS_CUDA_ERROR 7       /* a CUDA call failed; what it worked on is lost, the device is not */
#define SS_CUDA_FATAL 8       /* an error that sticks: no further CUDA work is possible in this process */
#define SS_INTERNAL 9         /* a defect of this library */

/* Activations. */
#define SS_SOFTPLUS 0
#define SS_TANH 1
#define SS_SILU 2
#define SS_GELU 3 /* the exact form, with erf */
#define SS_SIGMOID 4
#define SS_SIN 5
#define SS_ELU 6
#define SS_RELU 7

/* The SS_ABI_VERSION that the library was built with. */
SS_API int32_t ss_abi_version(void);

/* 1 if this library computes on an emulated device, for tests, and 0 if on real ones. */
SS_API int32_t ss_is_emulated(void);

/* What the last failed call of this thread had to say; an empty string before the first. Valid until the next call. */
SS_API const char* ss_last_error(void);

/*
 * Counts the devices. Where there are none, *count is 0 and the status says why: SS_NO_DRIVER, SS_DRIVER_TOO_OLD or
 * SS_NO_DEVICE.
 */
SS_API int32_t ss_device_count(int32_t* count);

/* Writes a device's name, cut to capacity - 1 bytes and ended by a zero byte. */
SS_API int32_t ss_device_name(int32_t device, char* name, int64_t capacity);

/* Whether this library holds code for a device: SS_OK or SS_NO_KERNEL. */
SS_API int32_t ss_device_check(int32_t device);

/*
 * What a device computes the matrix products of a precision with: "ffma", "tf32x3", "tf32" or "bf16", ended by a zero byte.
 * SS_INVALID_ARGUMENT where it lacks the precision. tf32x3 is single precision by three products in TF32.
 */
SS_API int32_t ss_device_arithmetic(int32_t device, int32_t precision, char* name, int64_t capacity);

/* ---- Networks, objectives, training runs, inference ---- */

/* Kinds of networks. */
#define SS_SCORE 0  /* R^D -> R^D, the score */
#define SS_ENERGY 1 /* R^D -> R, the logarithm of an unnormalised density */

/* Objectives. */
#define SS_SSM 0    /* sliced score matching */
#define SS_SSM_VR 1 /* its variance-reduced form */
#define SS_EXACT 2  /* with the exact trace, D tangents */
#define SS_DSM 3    /* denoising score matching */

/* Distributions of slices. */
#define SS_RADEMACHER 0
#define SS_GAUSSIAN 1
#define SS_SPHERE 2 /* of radius sqrt(D) */

/* Where the rows of a run are kept. On the host, every batch is sent to the device while the one before it is computed. */
#define SS_RESIDENCE_AUTO 0 /* on the device if they fit there and leave a twentieth of its memory free */
#define SS_RESIDENCE_DEVICE 1
#define SS_RESIDENCE_HOST 2

/*
 * Precisions of matrix products. Their sums, activations and jets, losses, gradients and parameters are in single precision in
 * each; SS_TF32 and SS_BF16 round the factors, and need a device of compute capability 8.0 or newer.
 */
#define SS_FP32 0
#define SS_TF32 1 /* 10 bits of fraction */
#define SS_BF16 2 /* 7 bits of fraction */

/* Which kernels compute. */
#define SS_KERNELS_AUTO 0    /* the fused ones where they fit */
#define SS_KERNELS_LAYERED 1 /* one or more for each layer, for networks of every size */
#define SS_KERNELS_FUSED 2   /* one for a whole pass, for small networks; refused where they don't fit */

#define SS_MAX_LAYERS 16

/*
 * A multilayer perceptron on [x, c]. widths[0] = dimension + conditions, widths[layers] = dimension for a score and 1 for an
 * energy. Parameters are flat: W0 [out][in], b0, W1, b1, ...
 */
typedef struct ss_network {
    int32_t struct_size; /* sizeof(ss_network), so that the struct may grow */
    int32_t kind;
    int32_t dimension;  /* D */
    int32_t conditions; /* C */
    int32_t layers;     /* affine layers: hidden ones + 1 */
    int32_t activation;
    int64_t widths[SS_MAX_LAYERS + 1];
    double base_precision; /* 1/s0^2 of an energy's Gaussian base, 0 for none */
} ss_network;

typedef struct ss_training {
    int32_t struct_size; /* sizeof(ss_training) */
    int32_t objective;
    int32_t slices; /* M of SS_SSM and SS_SSM_VR; the others ignore it */
    int32_t projection;
    int64_t batch;
    uint64_t seed;
    double beta1, beta2, epsilon, weight_decay;
    double clip_norm;     /* 0: none */
    double average_decay; /* 0: none */
    double noise;         /* standard deviation of the smoothing noise */
    double sigma;         /* SS_DSM's noise level */
    int32_t residence;    /* where the rows of a run are kept */
    int32_t precision;    /* of matrix products */
    int32_t kernels;      /* which compute */
    int32_t reserved;     /* 0 */
} ss_training;

/*
 * A step's loss and gradient norm, both means over the batch, and the number of updates done after it. A norm beyond 1e18
 * after clipping is reported as infinite: its square would make the second moments so.
 */
typedef struct ss_step_result {
    int64_t step;
    double loss;
    double gradient_norm;
} ss_step_result;

/*
 * Handles. One call at a time on each, from any thread; different handles are independent. All their memory is allocated
 * when they are opened: SS_OUT_OF_MEMORY then names how much was wanted, how much is there, and how many rows would fit.
 * Closing NULL is fine.
 */
typedef struct ss_objective ss_objective;
typedef struct ss_run ss_run;
typedef struct ss_scorer ss_scorer;

/*
 * An objective at given samples and slices, for at most max_rows rows a call. Of ss_training it reads objective, slices,
 * projection, sigma, precision and kernels.
 *
 * inputs [rows][D + C], slices [M][rows][D]; SS_EXACT takes no slices, and SS_DSM takes the noise e [rows][D] in their place,
 * where x + sigma e is what the network sees. losses [rows], gradient of their mean, flat, or NULL.
 */
SS_API int32_t ss_objective_open(int32_t device, const ss_network* network, const ss_training* training, int64_t max_rows,
                                 ss_objective** objective);
SS_API int32_t ss_objective_evaluate(ss_objective* objective, const float* parameters, const float* inputs,
                                     const float* slices, int64_t rows, double* losses, float* gradient);
SS_API int32_t ss_objective_close(ss_objective* objective);

/*
 * A training run, at step 0 with all parameters zero until ss_run_set_state. rows [count][D + C], standardised, copied;
 * half_widths [D] of the uniform noise that undoes rounding, 0 where there is none.
 */
SS_API int32_t ss_run_open(int32_t device, const ss_network* network, const ss_training* training, const float* rows,
                           int64_t count, const float* half_widths, ss_run** run);
SS_API int32_t ss_run_close(ss_run* run);

/* SS_KERNELS_LAYERED or SS_KERNELS_FUSED. */
SS_API int32_t ss_run_kernels(ss_run* run, int32_t* kernels);

/* Whether the rows are on the device, 1, or on the host, 0. */
SS_API int32_t ss_run_resident(ss_run* run, int32_t* resident);

/*
 * State: parameters, first and second moments, moving average of the parameters, all flat. The average is not read, and
 * equals the parameters, where average_decay is 0. Pointers of ss_run_get_state may be NULL for what isn't wanted.
 */
SS_API int32_t ss_run_set_state(ss_run* run, int64_t step, const float* parameters, const float* first, const float* second,
                                const float* average);
SS_API int32_t ss_run_get_state(ss_run* run, int64_t* step, float* parameters, float* first, float* second, float* average);

/*
 * At most count steps with rates[count]. A step whose loss or gradient norm is not finite updates nothing and ends the call.
 * *done tells how many updated; results [count] has them, and behind them, where *done < count, the one that did not. NULL
 * for results where they aren't wanted.
 */
SS_API int32_t ss_run_step(ss_run* run, int64_t count, const double* rates, ss_step_result* results, int64_t* done);

/*
 * A step on a batch of the caller's, inputs [batch][D + C], standardised, in the place of the rows that the run would draw;
 * noise and slices are the step's. It begins after what the stream holds so far, and what the stream gets later begins after
 * it. With a result the call returns when it is there. Without one, result NULL, and with inputs on the device, it returns at
 * once, or, where many steps are queued, after those. A step that was not finite then updates nothing, nor does any behind
 * it, until ss_run_step, ss_run_apply or ss_run_step_batch with a result reports it in the place of a step of its own;
 * ss_run_set_state forgets it.
 */
SS_API int32_t ss_run_step_batch(ss_run* run, void* stream, const float* inputs, double rate, ss_step_result* result);

/* Sums of loss and gradient over rows from .. to-1 of the current step's batch. Changes nothing. */
SS_API int32_t ss_run_gradient(ss_run* run, int64_t from, int64_t to, float* sum, double* loss_sum);

/* The update of a step from such sums over so many rows; if they are not finite it updates nothing. */
SS_API int32_t ss_run_apply(ss_run* run, const float* sum, double loss_sum, int64_t rows, double rate,
                            ss_step_result* result);

/*
 * A network for inference; calls with more rows than max_rows take several passes.
 *
 * shift and scale [D + C], or both NULL: with them, inputs x and results are in units in which the network's are
 * y = (x - shift) / scale. Then values are f(y) - sum log scale over the D modelled columns, scores s(y) / scale, directions
 * v / scale, and products J v again / scale.
 */
SS_API int32_t ss_scorer_open(int32_t device, const ss_network* network, int32_t precision, int32_t kernels,
                              const float* parameters, int64_t max_rows, const double* shift, const double* scale,
                              ss_scorer** scorer);

/* inputs [rows][D + C]; values [rows], energies only, and scores [rows][D], each or NULL. */
SS_API int32_t ss_scorer_evaluate(ss_scorer* scorer, const float* inputs, int64_t rows, float* values, float* scores);

/* Products of the score's Jacobian with directions [rows][D]. */
SS_API int32_t ss_scorer_jvp(ss_scorer* scorer, const float* inputs, const float* directions, int64_t rows, float* products);

/*
 * The same in order with a stream: after what it holds so far, and before what it gets later. All arrays are on the device.
 * The calls return as soon as the work is queued; the arrays must live until the stream has got so far.
 */
SS_API int32_t ss_scorer_evaluate_queued(ss_scorer* scorer, void* stream, const float* inputs, int64_t rows, float* values,
                                         float* scores);
SS_API int32_t ss_scorer_jvp_queued(ss_scorer* scorer, void* stream, const float* inputs, const float* directions,
                                    int64_t rows, float* products);

/*
 * Unadjusted Langevin dynamics, x <- x + h/2 s(x) + sqrt(h) xi in the network's own units, of chains [count][D + C] in
 * place, with the steps h = sizes[steps]. xi of chain i at step t are the normal numbers of the sampler's stream with
 * position i, slice 0 and step first + t + 1. For a scorer without units only.
 */
SS_API int32_t ss_scorer_langevin(ss_scorer* scorer, float* chains, int64_t count, const double* sizes, int64_t steps,
                                  uint64_t seed, int64_t first);
SS_API int32_t ss_scorer_close(ss_scorer* scorer);

/* Open handles, the device memory that they hold, and the memory of a device. */
SS_API int32_t ss_live_handles(int64_t* handles);
SS_API int32_t ss_live_bytes(int64_t* bytes);
SS_API int32_t ss_memory(int32_t device, int64_t* free_bytes, int64_t* total_bytes);

#ifdef __cplusplus
}
#endif

#endif
