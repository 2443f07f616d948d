// libcuda.so.1 without a single call: NVIDIA's driver library, as far as programs need it that are linked against it but call
// the CUDA runtime alone. The native code of the JavaCPP CUDA presets is such a program: it binds calls when they are made.
