/*
 * The C interface of the slicedscore CUDA library.
 *
 * Conventions
 * - Every call returns a status, 0 for success, or says otherwise below. No C++ exception leaves the library.
 * - After a status other than SS_OK, ss_last_error() tells the calling thread what failed: source file and line, the call,
 *   and the sizes involved.
 * - Arrays are dense and row-major, floats are IEEE single precision, sizes are 64-bit.
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
#define SS_ABI_VERSION 1

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
 * First-order jets through a dense layer with its activation, on host arrays:
 *
 *   z = W x + b,  a = act(z);  z1_m = W x1_m,  a1_m = act'(z) z1_m  for m = 1..tangents
 *
 * weights [outputs][inputs], bias [outputs], x [rows][inputs], x1 [tangents][rows][inputs], a [rows][outputs],
 * a1 [tangents][rows][outputs]; x1 and a1 are not read where tangents is 0. Returns when the results are there.
 */
SS_API int32_t ss_dense_jet(int32_t device, int32_t activation, int64_t rows, int64_t inputs, int64_t outputs,
                            int64_t tangents, const float* weights, const float* bias, const float* x, const float* x1,
                            float* a, float* a1);

#ifdef __cplusplus
}
#endif

#endif
