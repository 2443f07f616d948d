#!/usr/bin/env bash
# Builds, tests and times everything on a machine with an NVIDIA GPU, in one command. Needs the CUDA toolkit, CMake 3.25, Ninja
# and g++; neither Java nor a network. What the Java stages need is carried in an archive that bench/gpu-pack.sh makes.
#
#   bench/gpu.sh [--carried ARCHIVE] [--only STAGE,STAGE] [--first all|1|2] [--results FOLDER] [--profile] [--emulated]
#
# Stages, in this order; each has a time limit, and the next one comes also where one failed:
#
#   machine     what this is: nvidia-smi, nvcc, processor
#   build       the native library and its tests, for this GPU's architecture alone; taken from the archive if it has them
#   probes      layouts of mma, ldmatrix and cp.async against the tables that kernels and emulation are built on
#   ctest       all native tests, the golden cases among them
#   memcheck, racecheck, synccheck, initcheck    the native tests under compute-sanitizer
#   timings     training and inference through the C interface in every precision, with CUDA events
#   ceilings    what the device can do at most, beside what was predicted, and what is open about kernels: bench/probes
#   java        the Java tests of the CUDA backend, in the carried run-time image
#   gemm        cuBLASLt on the matrix products of our layers, through the JavaCPP presets
#   jmh         the JMH benchmarks, cuda for all configurations and precisions, and the processor's kernels beside it
#   peers       ours, PyTorch and JAX turn by turn, where a python3 has them: bench/gpu.py
#   profile     only with --profile: time of each kernel by Nsight Compute
#
# --carried   default: build/gpu-pack.tar.xz, and without it the stages java, gemm and jmh are left out
# --first     the first minutes on a GPU that is lent for some: what tells most comes first, the sanitizers take the most telling
#             tests, and everything ends in time. "all" takes 13 minutes; "1" is machine, build, probes, ctest, timings,
#             ceilings, memcheck and peers in 9.5, "2" after it the other sanitizers, gemm, jmh and the peers that 1 had no time for
#             in 3.5. The ceilings take 40 seconds at most, which the peers have less: 290 in "all", and in "1" what is left
# --results   where logs and tables go; default: build/gpu-results
# --emulated  a rehearsal without a GPU, on the emulated device: the emulated preset in the place of the release build, no
#             sanitizer, no peers but the smoke test of bench/gpu.py with our side alone, and nothing is timed. It says so and
#             never writes bench/RESULTS.md.
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
first=no
profile=no
emulated=no
while [ $# -gt 0 ]; do
    case $1 in
        --carried | --only | --first | --results)
            [ $# -ge 2 ] || fail "$1 needs a value; see the head of this file"
            case $1 in
                --carried)
                    archive=$(realpath -m "$2")
                    [ -f "$archive" ] || fail "there is no archive $2"
                    ;;
                --only) only=$2 ;;
                --first) first=$2 ;;
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

readonly stages=" machine build probes ctest memcheck racecheck synccheck initcheck timings ceilings java gemm jmh peers profile "
for name in ${only//,/ }; do
    [[ $stages == *" $name "* ]] || fail "there is no stage '$name'; the stages are:$stages"
done

# Stages, their limits in seconds, and when all must be over.
order=(machine build probes ctest memcheck racecheck synccheck initcheck timings ceilings java gemm jmh peers profile)
declare -A limits=([machine]=60 [build]=1800 [probes]=60 [ctest]=1800 [memcheck]=1800 [racecheck]=1800 [synccheck]=1800
    [initcheck]=1800 [timings]=900 [ceilings]=120 [java]=1800 [gemm]=300 [jmh]=1800 [peers]=3000 [profile]=600)
deadline=1000000
sanitized= # names of tests; empty for all
case $first in
    no) ;;
    1) order=(machine build probes ctest timings ceilings memcheck peers) deadline=570 ;;
    2) order=(racecheck synccheck gemm jmh peers) deadline=210 ;;
    all) order=(machine build probes ctest timings ceilings memcheck peers racecheck synccheck gemm jmh) deadline=780 ;;
    *) fail "--first is all, 1 or 2, not '$first'" ;;
esac
if [ "$first" != no ]; then
    limits=([machine]=30 [build]=240 [probes]=20 [ctest]=90 [timings]=60 [ceilings]=40 [memcheck]=45 [racecheck]=40 [synccheck]=30
        [gemm]=40 [jmh]=95 [peers]=420)
    [ "$first" = all ] && limits[peers]=290
    sanitized=" run_test objective_test scorer_test "
fi

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
    if take_build "$architecture"; then
        echo "taken from $archive"
        return
    fi
    # A folder of its own: the release preset's holds code for all architectures.
    cmake --preset release -B "$build" "-DCMAKE_CUDA_ARCHITECTURES=${architecture:-native}" && cmake --build "$build"
}

# The archive's build, if it is one of this commit for this GPU. CTest's files get the paths of this machine.
take_build() { # ARCHITECTURE
    local taken=$results/build there source
    rm -rf "$taken"
    [ -f "$archive" ] && tar -C "$results" -xf "$archive" ./build ./COMMIT 2>/dev/null || return 1
    [ "$(cat "$taken/ARCHITECTURE")" = "$1" ] && [ "$(cat "$results/COMMIT")" = "$commit" ] || return 1
    there=$(sed -n 's/^CMAKE_CACHEFILE_DIR:INTERNAL=//p' "$taken/CMakeCache.txt")
    source=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$taken/CMakeCache.txt")
    rm "$taken/CMakeCache.txt" # or CMake would refuse to build here
    find "$taken" -name CTestTestfile.cmake -exec sed -i "s:\"$there/:\"$build/:g; s:\"$source/:\"$root/:g" {} +
    rm -rf "$build" && mv "$taken" "$build"
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
        [ -z "$sanitized" ] || [[ $sanitized == *" $name "* ]] || continue
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
        "$build/bin/slicedscore_timings" --smoke --precision fp32,tf32,bf16
    else
        "$build/bin/slicedscore_timings" --commit "$commit" --precision fp32,tf32,bf16 --repeats "$([ "$first" = no ] && echo 7 || echo 3)" |
            tee "$results/timings.md"
    fi
}

# Each by itself, so that one that fails or hangs leaves time for the others.
ceilings() { # SECONDS
    local name bad=() words=()
    [ "$emulated" = no ] || words=(--smoke)
    for name in arithmetic barriers parts launches copies crossover accuracy; do
        timeout --kill-after=5 $(($1 / 2)) stdbuf -oL "$build/bin/probe_$name" "${words[@]}" | tee -a "$results/ceilings.md" ||
            bad+=("$name")
    done
    ((${#bad[@]} == 0)) || echo "ceilings: FAILED: ${bad[*]}"
    ((${#bad[@]} == 0))
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

# The presets' natives are carried; cuBLAS itself comes with PyTorch or the toolkit.
gemm() {
    local options wheels
    mapfile -t options < <(java_options | tr ' ' '\n')
    wheels=$(python3 -c 'import nvidia, os; print(":".join(d for p in nvidia.__path__ for d, _, f in os.walk(p)
        if any(n.startswith(("libcublas.so", "libcudart.so")) for n in f)))' 2>/dev/null)
    LD_LIBRARY_PATH=$wheels:${CUDA_HOME:-/usr/local/cuda}/lib64${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} \
        "$carried/jre/bin/java" "${options[@]}" -cp "$carried/benchmarks.jar$(printf ':%s' "$carried"/lib/*.jar)" \
        io.github.slicedscore.bench.MatrixProducts | tee "$results/gemm.md"
}

jmh_run() { # NAME ARGUMENT...
    local name=$1 options
    shift
    mapfile -t options < <(java_options | tr ' ' '\n')
    "$carried/jre/bin/java" "${options[@]}" "-Dslicedscore.commit=$commit" -cp "$natives:$carried/benchmarks.jar" \
        io.github.slicedscore.bench.Main -foe true -rf csv -rff "$results/$name.csv" -p threads=0 "$@"
}

jmh() {
    if [ "$emulated" = yes ]; then
        jmh_run jmh-emulated 'TrainingStep|Scoring|Sampling' -p backend=cuda -p config=A -p stepsPerCall=2 -p rowsPerCall=64 -p chains=16 \
            -p stepsPerChain=2 -wi 0 -i 1 -r 1
        return
    fi
    local configs=A,B,E,G1,G2 precisions=FP32,TF32,BF16
    if [ "$first" != no ]; then
        jmh_run jmh-cuda TrainingStep -p backend=cuda -p config=$configs -p precision=$precisions -p stepsPerCall=64 -wi 1 -w 1 -i 2 -r 1 &&
            jmh_run jmh-simd TrainingStep -p backend=simd -p config=$configs -p stepsPerCall=4 -wi 1 -w 1 -i 2 -r 1
        return
    fi
    jmh_run jmh-cuda 'TrainingStep|Scoring|Sampling' -p backend=cuda -p config=A,B,C,D,E,F,G1,G2,G3 -p precision=$precisions -p stepsPerCall=64 \
        -p rowsPerCall=65536 -p chains=16384 -p stepsPerChain=50 -wi 2 -w 1 -i 3 -r 1 &&
        jmh_run jmh-simd TrainingStep -p backend=simd -p config=A,B,C,D,E,F,G1,G2 -p stepsPerCall=4 -wi 2 -w 1 -i 3 -r 1 &&
        jmh_run jmh-plain 'TrainingStep|Scoring|Sampling' -p backend=plain -p config=$configs -p stepsPerCall=1 -p rowsPerCall=8192 -p chains=2048 \
            -p stepsPerChain=50 -wi 2 -w 1 -i 3 -r 1
}

# Beside ours, turn by turn; until the stage's limit, with a reserve for the table.
peers() { # SECONDS
    local words=(--ours "$build/bin/slicedscore_timings" --commit "$commit" --json "$results/steps.json" --report "$results/steps.md")
    if [ "$emulated" = yes ]; then
        python3 bench/gpu.py --ours "$build/bin/slicedscore_timings" --smoke --device cpu --only ours
        return
    fi
    if [ "$first" != no ]; then
        words+=(--rounds 3 --seconds 0.1 --budget $(($1 - 15)))
        [ "$first" = 2 ] && words+=(--resume)
    else
        words+=(--apart)
    fi
    python3 bench/gpu.py "${words[@]}" && cat "$results/steps.md"
}

profile_kernels() {
    ncu --clock-control none --metrics gpu__time_duration.sum --csv --target-processes all "$build/bin/slicedscore_timings" --few --config B,G2 \
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

# stage NAME FUNCTION ARGUMENT...; the function gets the seconds of its limit as its last argument
stage() {
    local name=$1 limit=${limits[$1]} start=$SECONDS code=0 words=ok
    shift
    wanted "$name" || return 0
    if ((SECONDS + limit > deadline)); then
        limit=$((deadline - SECONDS))
        if ((limit < 20)); then
            leave_out "$name" "no time is left for it"
            return 0
        fi
    fi
    printf '\n===== %s\n' "$name"
    rm -f "$results/$name".* "$results/$name"-*
    timeout --kill-after=10 "$limit" bash -o pipefail -c '"$@"' gpu.sh "$@" "$limit" 2>&1 </dev/null | tee "$results/$name.log"
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
    [[ " ${order[*]} " == *" $1 "* ]] && { [ -z "$only" ] || [[ ,$only, == *,$1,* ]]; }
}

built() {
    [ -x "$build/bin/slicedscore_timings" ]
}

commit=$(git describe --always --dirty '--exclude=*' 2>/dev/null)
if [ -z "$commit" ] && [ -f "$archive" ]; then
    commit=$(tar -xOf "$archive" ./COMMIT 2>/dev/null)
fi
commit=${commit:-unknown}

export PATH root results archive emulated build carried natives commit first sanitized
export -f machine build take_build probes ctest_all sanitizer native_tests timings ceilings unpack java_options java_tests gemm jmh_run jmh peers profile_kernels

# What a stage needs that may be missing, as the reason to leave it out; nothing if it is there.
missing_for() { # NAME
    case $1 in
        machine | build) ;;
        *)
            if ! built; then
                echo "nothing is built; --only needs the stage build the first time"
                return
            fi
            ;;
    esac
    case $1 in
        memcheck | racecheck | synccheck | initcheck)
            if [ $emulated = yes ]; then
                echo "compute-sanitizer needs a GPU; the presets emulated-asan and emulated-tsan take its place"
            elif ! command -v compute-sanitizer >/dev/null; then
                echo "compute-sanitizer is not installed"
            fi
            ;;
        java | gemm | jmh)
            if ! [ -f "$archive" ]; then
                echo "there is no $archive; bench/gpu-pack.sh makes it on a machine with a JDK and Maven"
            elif [ "$1" = gemm ] && [ $emulated = yes ]; then
                echo "cuBLASLt needs a GPU"
            fi
            ;;
        peers)
            if [ $emulated = no ] && ! python3 -c 'import torch, sys; sys.exit(not torch.cuda.is_available())' 2>/dev/null; then
                echo "python3 has no PyTorch that sees the GPU"
            fi
            ;;
        profile)
            if [ $emulated = yes ] || ! command -v ncu >/dev/null; then
                echo "Nsight Compute (ncu) is not installed, or there is no GPU"
            fi
            ;;
    esac
}

unpacked=no
run_stage() { # NAME
    case $1 in
        memcheck | racecheck | synccheck | initcheck) stage "$1" sanitizer "$1" ;;
        ctest) stage ctest ctest_all ;;
        java | gemm | jmh)
            if [ $unpacked = no ]; then
                if ! unpack; then
                    failed+=("unpacking of $archive")
                    return
                fi
                unpacked=yes
            fi
            case $1 in
                java) stage java java_tests ;;
                *) stage "$1" "$1" ;;
            esac
            ;;
        profile) stage profile profile_kernels ;;
        *) stage "$1" "$1" ;;
    esac
}

for name in "${order[@]}"; do
    wanted "$name" || continue
    [ "$name" != profile ] || [ $profile = yes ] || continue
    reason=$(missing_for "$name")
    if [ -n "$reason" ]; then
        leave_out "$name" "$reason"
    else
        run_stage "$name"
    fi
done
built || failed+=("nothing is built")

# ---- What came out

# JMH's secondary results, which are steps, rows and steps of chains a second, as a table.
jmh_table() { # CSV
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) { gsub(/"/, "", $i); column[$i] = i }
                       print "| benchmark | backend | precision | configuration | a second | error (99.9 %) |\n| --- | --- | --- | --- | --- | --- |" }
        NR > 1 && $1 ~ /:/ { gsub(/"/, ""); sub(/.*bench\./, "", $1)
                             printf "| %s | %s | %s | %s | %.4g | %.2g |\n", $1, $column["Param: backend"], $column["Param: precision"], $column["Param: config"],
                                 $column["Score"], $column["Score Error (99.9%)"] }' "$1"
}

# What follows from the counts of the emulated device beside the times that slicedscore_timings measured.
predictions() { # TIMINGS
    printf 'Counted on the emulated device (bench/counts.md), and what that would take one after the other on an H100: 1.3 us a launch, mma\n'
    printf 'instructions at 63 %% of the peak, bytes at the 5.5 TB/s of its L2 cache, in which G2 does not fit. Activations, drawing and\n'
    printf 'waiting are not in it.\n\n'
    printf '| configuration | by | launches, us | mma, us | bytes, us | predicted, us | measured, us | measured / predicted |\n'
    printf '| --- | --- | --- | --- | --- | --- | --- | --- |\n'
    awk -F ' *[|] *' 'function key(precision, by) { sub(/.*, /, "", by); return $2 " " precision " " by }
        FNR == NR && $4 + 0 > 0 { word = $3; sub(/,.*/, "", word); counted[key(word, $3)] = $4 " " $5 " " ($7 + $8) }
        FNR < NR && $8 + 0 > 0 && key($6, $7) in counted {
            split(counted[key($6, $7)], count, " ")
            launches = 1.3 * count[1]; mma = 6.57e-6 * count[2]; bytes = count[3] / 5.5
            all = launches + mma + bytes
            printf "| %s | %s, %s | %.1f | %.1f | %.1f | %.1f | %s | %.2f |\n", $2, $6, $7, launches, mma, bytes, all, $8, $8 / all
        }' bench/counts.md "$1"
}

# Root mean square errors of the probe accuracy beside those of the emulated device, which this page has had all along.
errors() { # CEILINGS
    printf '| stream | width | hidden layers | tf32x3, emulated | here | tf32, emulated | here | bf16, emulated | here |\n'
    printf '| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n'
    awk -F ' *[|] *' '!/^[|] (f2|J v) of / { next }
        FNR == NR && !($2 $3 $4 in seen) { seen[$2 $3 $4] = $7 " " $9 " " $11 }
        FNR < NR && $2 $3 $4 in seen {
            split(seen[$2 $3 $4], emulated, " ")
            printf "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", $2, $3, $4, emulated[1], $7, emulated[2], $9, emulated[3], $11
        }' bench/RESULTS.md "$1"
}

section() {
    local name file
    name=$(nvidia-smi --query-gpu=name --format=csv,noheader | head -n 1)
    printf '\n## %s, commit %s, %s\n' "${name:-unknown GPU}" "$commit" "$started"
    printf '\n%s:\n\n' "\`bench/gpu.sh${only:+ --only $only}$([ "$first" = no ] || echo " --first $first")\`"
    printf -- '- %s\n' "${report[@]}"
    if wanted timings && [ -s "$results/timings.md" ]; then
        printf '\n### C interface, CUDA events\n\n' && cat "$results/timings.md"
        printf '\n### Counted without a GPU and measured\n\n' && predictions "$results/timings.md"
    fi
    if wanted ceilings && [ -s "$results/ceilings.md" ]; then
        printf '\n### Ceilings\n' && cat "$results/ceilings.md"
        printf '\n#### Errors without a GPU and on it\n\n' && errors "$results/ceilings.md"
    fi
    for file in "$results"/jmh-*.csv; do
        if wanted jmh && [ -s "$file" ]; then
            printf '\n### JMH\n\n'
            sed -n 's/^# \(JDK: .*\|Backend .*\)/- \1/p' "$results/jmh.log"
            echo && jmh_table "$file"
        fi
    done
    if wanted gemm && [ -s "$results/gemm.md" ]; then
        printf '\n### cuBLASLt\n\n' && cat "$results/gemm.md"
    fi
    if wanted peers && [ -s "$results/steps.md" ]; then
        printf '\n### Beside PyTorch and JAX\n\n' && cat "$results/steps.md"
    fi
}

printf '\n===== Summary\n'
printf '%s\n' "${report[@]}"
echo "logs and tables: $results"
if [ $emulated = yes ]; then
    echo "emulated: no figures"
elif wanted timings || wanted ceilings || wanted gemm || wanted jmh || wanted peers; then
    section >>bench/RESULTS.md
    echo "appended to bench/RESULTS.md"
fi
if ((${#failed[@]} > 0)); then
    echo "FAILED: ${failed[*]}"
    exit 1
fi
echo "gpu.sh: all good"
