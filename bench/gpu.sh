#!/usr/bin/env bash
# Builds the native library on a machine with an NVIDIA GPU and runs its tests there, then again under compute-sanitizer
# where that is installed. Needs the CUDA toolkit, CMake 3.25 and Ninja; neither Java nor a network.
#
#   bench/gpu.sh             everything
#   bench/gpu.sh --no-sanitizer
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
    echo "gpu.sh: $*" >&2
    exit 1
}

sanitizer=yes
for argument in "$@"; do
    case $argument in
        --no-sanitizer) sanitizer=no ;;
        *) fail "unknown argument '$argument'; see the head of this file" ;;
    esac
done

if ! [ -e /dev/nvidiactl ] && ! [ -e /proc/driver/nvidia/version ] && ! [ -e /dev/dxg ]; then
    fail "this machine shows no NVIDIA GPU. Without one, test the same sources on the emulated device:
    cmake --preset emulated && cmake --build --preset emulated && ctest --preset emulated"
fi
for tool in cmake ninja ctest; do
    command -v "$tool" > /dev/null || fail "$tool is not installed"
done
command -v nvidia-smi > /dev/null && nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader

cmake --preset release
cmake --build --preset release

log=build/release/gpu-tests.log
ctest --preset release | tee "$log"
if grep -q 'Skipped' "$log"; then
    fail "tests were skipped although there is a GPU: $log"
fi

if [ "$sanitizer" = yes ]; then
    path=$PATH:${CUDA_HOME:-/usr/local/cuda}/bin
    if PATH=$path command -v compute-sanitizer > /dev/null; then
        for test in build/release/bin/*_test; do
            for tool in memcheck racecheck synccheck initcheck; do
                echo "== compute-sanitizer $tool $test"
                # Some tests ask for more memory than there is, on purpose.
                PATH=$path compute-sanitizer --tool "$tool" --report-api-errors no --error-exitcode 1 "$test"
            done
        done
    else
        echo "gpu.sh: compute-sanitizer is not installed; that part was left out" >&2
    fi
fi
echo "gpu.sh: all good"
