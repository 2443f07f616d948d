#!/usr/bin/env bash
# Builds, tests and times everything on a machine with an NVIDIA GPU, in one command. Needs the CUDA toolkit, CMake 3.25, Ninja
# and g++; neither Java nor a network. What the Java stages need is carried in an archive that bench/gpu-pack.sh makes.
#
#   bench/gpu.sh [--carried ARCHIVE] [--only STAGE,STAGE] [--results FOLDER] [--profile] [--emulated]
#
# Stages, in this order; each has a time limit, and the next one comes also where one failed:
#
#   machine     what this is: nvidia-smi, nvcc, processor
#   build       the native library and its tests, for this GPU's architecture alone
#   probes      layouts of mma, ldmatrix and cp.async against the tables that kernels and emulation are built on
#   ctest       all native tests, the golden cases among them
#   memcheck, racecheck, synccheck, initcheck    the native tests under compute-sanitizer
#   timings     training and inference through the C interface, with CUDA events
#   java        the Java tests of the CUDA backend, in the carried run-time image
#   jmh         the JMH benchmarks, cuda for all configurations and plain for the processors'
#   peers       PyTorch and JAX on the same configurations, where a python3 has them
#   profile     only with --profile: time of each kernel by Nsight Compute
#
# --carried   default: build/gpu-pack.tar.xz, and without it the stages java and jmh are left out
# --results   where logs and tables go; default: build/gpu-results
# --emulated  a rehearsal without a GPU, on the emulated device: the emulated preset in the place of the release build, no
#             sanitizer, no peers, and nothing is timed. It says so and never writes bench/RESULTS.md.
#
# Logs and tables lie in the results folder, and what was timed is appended to bench/RESULTS.md. The exit code is 1 if a stage
# failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

fail() {
    echo "gpu.sh: $*" >&2
    exit 2
}

root=$PWD
archive=$root/build/gpu-pack.tar.xz
results=$root/build/gpu-results
only=
profile=no
emulated=no
while [ $# -gt 0 ]; do
    case $1 in
        --carried | --only | --results)
            [ $# -ge 2 ] || fail "$1 needs a value; see the head of this file"
            case $1 in
                --carried)
                    archive=$(realpath -m "$2")
                    [ -f "$archive" ] || fail "there is no archive $2"
                    ;;
                --only) only=$2 ;;
                --results) results=$(realpath -m "$2") ;;
            esac
            shift
            ;;
        --profile) profile=yes ;;
        --emulated) emulated=yes ;;
        *) fail "unknown argument '$1'; see the head of this file" ;;
    esac
    shift
done

readonly stages=" machine build probes ctest memcheck racecheck synccheck initcheck timings java jmh peers profile "
for name in ${only//,/ }; do
    [[ $stages == *" $name "* ]] || fail "there is no stage '$name'; the stages are:$stages"
done

if [ $emulated = no ] && ! [ -e /dev/nvidiactl ] && ! [ -e /proc/driver/nvidia/version ] && ! [ -e /dev/dxg ]; then
    fail "this machine shows no NVIDIA GPU. Rehearse without one on the emulated device: bench/gpu.sh --emulated"
fi
for tool in cmake ninja ctest g++; do
    command -v "$tool" >/dev/null || fail "$tool is not installed"
done
[ $emulated = no ] || echo "gpu.sh: emulated: no figures"

PATH=$PATH:${CUDA_HOME:-/usr/local/cuda}/bin
build=$root/build/$([ $emulated = yes ] && echo emulated || echo gpu)
carried=$results/carried
natives=$results/natives # the carried JNI binding with the library built here
mkdir -p "$results"
started=$(date +%F)

# ---- The stages

machine() {
    uname -srm
    sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | sort | uniq -c
    echo "commit $commit"
    [ "$emulated" = no ] || return 0
    nvidia-smi && nvcc --version &&
        nvidia-smi --query-gpu=name,driver_version,compute_cap,memory.total,clocks.max.sm,clocks.max.mem,power.limit --format=csv
}

build() {
    local architecture
    if [ "$emulated" = yes ]; then
        cmake --preset emulated && cmake --build "$build"
        return
    fi
    architecture=$(nvidia-smi --query-gpu=compute_cap --format=csv,noheader | head -n 1 | tr -d .)
    # A folder of its own: the release preset's holds code for all architectures.
    cmake --preset release -B "$build" "-DCMAKE_CUDA_ARCHITECTURES=${architecture:-native}" && cmake --build "$build"
}

probes() {
    "$build/bin/tensor_core_test" && "$build/bin/async_copy_test"
}

ctest_all() {
    ctest --test-dir "$build" --output-on-failure --no-tests=error --timeout 300 | tee "$results/ctest.txt" || return 1
    if grep -qF '***Skipped' "$results/ctest.txt"; then
        echo "tests were skipped although there is a device"
        return 1
    fi
}

sanitizer() { # TOOL
    local bad=() test name
    while read -r name test; do
        echo "== compute-sanitizer $1 $name"
        # Some tests ask for more memory than there is, on purpose.
        timeout --kill-after=10 300 bash -c "compute-sanitizer --tool $1 --report-api-errors no --error-exitcode 1 $test" ||
            bad+=("$name")
    done < <(native_tests)
    ((${#bad[@]} == 0)) || echo "compute-sanitizer $1: FAILED: ${bad[*]}"
    ((${#bad[@]} == 0))
}

# Name and command of each native test, as CTest would run it.
native_tests() {
    ctest --test-dir "$build" -N -V | awk '/Test command:/ { sub(/^.*Test command: /, ""); command = $0 }
        /^ *Test +#[0-9]+:/ { print $NF, command }'
}

timings() {
    if [ "$emulated" = yes ]; then
        "$build/bin/slicedscore_timings" --smoke
    else
        "$build/bin/slicedscore_timings" --commit "$commit" | tee "$results/timings.md"
    fi
}

# The carried archive, with the native library that was built here beside its binding.
unpack() {
    local folder
    rm -rf "$carried" "$natives"
    mkdir -p "$carried" "$natives"
    tar -C "$carried" -xf "$archive" && cp -r "$carried/native/." "$natives" || return 1
    folder=$(dirname "$(find "$natives" -name libjniCudaLibrary.so)")
    cp "$build/lib/libslicedscore.so" "$folder"
}

java_options() {
    echo --enable-native-access=ALL-UNNAMED "-Dorg.bytedeco.javacpp.cachedir=$results/javacpp-cache"
    [ "$emulated" = no ] || echo -Dslicedscore.cuda.emulated=true
}

java_tests() {
    local options jars
    mapfile -t options < <(java_options | tr ' ' '\n')
    jars=$(printf ':%s' "$carried"/lib/*.jar)
    cd "$root/java/core" || return 1 # where the tests look for their files
    # The emulation runs queued work as late as it may, so that what nothing has ordered is seen.
    [ "$emulated" = no ] || export SS_EMULATION_STREAMS=late
    # The JavaCPP CUDA presets want the toolkit's libcudart.
    LD_LIBRARY_PATH=${CUDA_HOME:-/usr/local/cuda}/lib64${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} \
        "$carried/jre/bin/java" "${options[@]}" -Xmx2g -cp "$natives:$carried/tests$jars" org.junit.platform.console.ConsoleLauncher execute \
        --disable-banner --disable-ansi-colors --details=tree --fail-if-no-tests "--reports-dir=$results/junit" \
        "--scan-class-path=$carried/tests" --include-package=io.github.slicedscore.internal.cuda \
        --include-package=io.github.slicedscore.cuda '--include-classname=.*(Test|IT)'
}

jmh_run() { # NAME ARGUMENT...
    local name=$1 options
    shift
    mapfile -t options < <(java_options | tr ' ' '\n')
    "$carried/jre/bin/java" "${options[@]}" "-Dslicedscore.commit=$commit" -cp "$natives:$carried/benchmarks.jar" \
        io.github.slicedscore.bench.Main 'TrainingStep|Scoring|Sampling' -foe true -rf csv -rff "$results/$name.csv" -p threads=0 "$@"
}

jmh() {
    if [ "$emulated" = yes ]; then
        jmh_run jmh-emulated -p backend=cuda -p config=A -p stepsPerCall=2 -p rowsPerCall=64 -p chains=16 -p stepsPerChain=2 \
            -wi 0 -i 1 -r 1
        return
    fi
    jmh_run jmh-cuda -p backend=cuda -p config=A,B,C,D,E,G1,G2,G3 -p stepsPerCall=64 -p rowsPerCall=65536 -p chains=16384 \
        -p stepsPerChain=50 -wi 2 -w 1 -i 3 -r 1 &&
        jmh_run jmh-plain -p backend=plain -p config=A,B,C,D,E -p rowsPerCall=8192 -p chains=2048 -p stepsPerChain=50 \
            -wi 2 -w 1 -i 3 -r 1
}

peers() {
    local ours=()
    [ -s "$results/timings.md" ] && ours=(--ours "$results/timings.md")
    python3 bench/peers/compare.py --device cuda --commit "$commit" "${ours[@]}" | tee "$results/peers.md"
}

profile_kernels() {
    ncu --metrics gpu__time_duration.sum --csv --target-processes all "$build/bin/slicedscore_timings" --few --config B,G2 \
        >"$results/ncu.csv" || return 1
    # Microseconds and launches of each kernel.
    awk -F'","' '/^"[0-9]/ { name = $5; sub(/[<(].*/, "", name); time = $NF; gsub(/[",]/, "", time)
                            if ($(NF - 1) ~ /nsecond|^ns$/) time /= 1000
                            sum[name] += time; count[name]++ }
        END { for (name in sum) printf "%12.1f us %6d x %s\n", sum[name], count[name], name }' "$results/ncu.csv" |
        sort -rn | tee "$results/kernels.txt"
}

# ---- Running them

failed=()
report=()

leave_out() { # NAME REASON
    report+=("$(printf '%-10s  left out: %s' "$1" "$2")")
}

# stage NAME SECONDS FUNCTION ARGUMENT...
stage() {
    local name=$1 limit=$2 start=$SECONDS code=0 words=ok
    shift 2
    wanted "$name" || return 0
    printf '\n===== %s\n' "$name"
    rm -f "$results/$name".* "$results/$name"-*
    timeout --kill-after=10 "$limit" bash -o pipefail -c '"$@"' gpu.sh "$@" 2>&1 </dev/null | tee "$results/$name.log"
    code=${PIPESTATUS[0]}
    case $code in
        0) ;;
        124 | 137) words="FAILED: its time limit of $limit s is over" ;;
        *) words="FAILED with exit code $code" ;;
    esac
    ((code == 0)) || failed+=("$name")
    report+=("$(printf '%-10s %5d s  %s' "$name" $((SECONDS - start)) "$words")")
}

wanted() {
    [ -z "$only" ] || [[ ,$only, == *,$1,* ]]
}

built() {
    [ -x "$build/bin/slicedscore_timings" ]
}

commit=$(git describe --always --dirty '--exclude=*' 2>/dev/null)
if [ -z "$commit" ] && [ -f "$archive" ]; then
    commit=$(tar -xOf "$archive" ./COMMIT 2>/dev/null)
fi
commit=${commit:-unknown}

export PATH root results archive emulated build carried natives commit
export -f machine build probes ctest_all sanitizer native_tests timings unpack java_options java_tests jmh_run jmh peers profile_kernels

stage machine 60 machine
stage build 1800 build
if built; then
    stage probes 60 probes
    stage ctest 1800 ctest_all
    for tool in memcheck racecheck synccheck initcheck; do
        wanted $tool || continue
        if [ $emulated = yes ]; then
            leave_out $tool "compute-sanitizer needs a GPU; the presets emulated-asan and emulated-tsan take its place"
        elif command -v compute-sanitizer >/dev/null; then
            stage $tool 1800 sanitizer $tool
        else
            leave_out $tool "compute-sanitizer is not installed"
        fi
    done
    stage timings 900 timings
    if [ -f "$archive" ]; then
        if ! wanted java && ! wanted jmh; then
            :
        elif unpack; then
            stage java 1800 java_tests
            stage jmh 1800 jmh
        else
            failed+=("unpacking of $archive")
        fi
    else
        for name in java jmh; do
            wanted $name && leave_out $name "there is no $archive; bench/gpu-pack.sh makes it on a machine with a JDK and Maven"
        done
    fi
else
    leave_out "the rest" "nothing is built; --only needs the stage build the first time"
    failed+=("nothing is built")
fi
if wanted peers; then
    if [ $emulated = yes ]; then
        leave_out peers "they need a GPU"
    elif python3 -c 'import torch, sys; sys.exit(not torch.cuda.is_available())' 2>/dev/null; then
        stage peers 1800 peers
    else
        leave_out peers "python3 has no PyTorch that sees the GPU"
    fi
fi
if [ $profile = yes ] && wanted profile; then
    if [ $emulated = no ] && command -v ncu >/dev/null; then
        stage profile 600 profile_kernels
    else
        leave_out profile "Nsight Compute (ncu) is not installed, or there is no GPU"
    fi
fi

# ---- What came out

# JMH's secondary results, which are steps, rows and steps of chains a second, as a table.
jmh_table() { # CSV
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) { gsub(/"/, "", $i); column[$i] = i }
                       print "| benchmark | backend | configuration | a second | error (99.9 %) |\n| --- | --- | --- | --- | --- |" }
        NR > 1 && $1 ~ /:/ { gsub(/"/, ""); sub(/.*bench\./, "", $1)
                             printf "| %s | %s | %s | %.4g | %.2g |\n", $1, $column["Param: backend"], $column["Param: config"],
                                 $column["Score"], $column["Score Error (99.9%)"] }' "$1"
}

section() {
    local name file
    name=$(nvidia-smi --query-gpu=name --format=csv,noheader | head -n 1)
    printf '\n## %s, commit %s, %s\n' "${name:-unknown GPU}" "$commit" "$started"
    printf '\n%s:\n\n' "\`bench/gpu.sh${only:+ --only $only}\`"
    printf -- '- %s\n' "${report[@]}"
    if wanted timings && [ -s "$results/timings.md" ]; then
        printf '\n### C interface, CUDA events\n\n' && cat "$results/timings.md"
    fi
    for file in "$results"/jmh-*.csv; do
        if wanted jmh && [ -s "$file" ]; then
            printf '\n### JMH\n\n'
            sed -n 's/^# \(JDK: .*\|Backend .*\)/- \1/p' "$results/jmh.log"
            echo && jmh_table "$file"
        fi
    done
    if wanted peers && [ -s "$results/peers.md" ]; then
        printf '\n### Peers\n\n' && cat "$results/peers.md"
    fi
}

printf '\n===== Summary\n'
printf '%s\n' "${report[@]}"
echo "logs and tables: $results"
if [ $emulated = yes ]; then
    echo "emulated: no figures"
elif wanted timings || wanted jmh || wanted peers; then
    section >>bench/RESULTS.md
    echo "appended to bench/RESULTS.md"
fi
if ((${#failed[@]} > 0)); then
    echo "FAILED: ${failed[*]}"
    exit 1
fi
echo "gpu.sh: all good"
