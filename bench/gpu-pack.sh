#!/usr/bin/env bash
# Packs what bench/gpu.sh needs to run the Java tests and JMH on a machine that has neither Java nor a network: a run-time
# image, the library, the JNI binding, the tests with what they need, and the benchmarks. Needs a JDK, Maven, CMake and g++;
# neither nvcc nor a GPU, because gpu.sh builds the native library itself, for the GPU that it finds.
#
#   bench/gpu-pack.sh [--architecture 90] [ARCHIVE]        default: build/gpu-pack.tar.xz
#
# --architecture packs the native library, its tests, timings and probes, too, built in build/gpu for GPUs of this compute
# capability alone, 9.0 here. It needs nvcc, and saves gpu.sh the minutes of its stage build where the GPU is such a one.
#
# JLINK_JDK names the JDK that the run-time image is made of; default: a Temurin 25 in /usr/lib/jvm, as its image needs no more
# than glibc 2.17, or else the JDK of javac.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly modules=java.base,java.logging,java.management,java.xml,jdk.incubator.vector,jdk.jfr,jdk.management,jdk.unsupported
readonly most_bytes=$((64 * 1024 * 1024))

fail() {
    echo "gpu-pack.sh: $*" >&2
    exit 1
}

architecture=
if [ "${1:-}" = --architecture ]; then
    [[ ${2:-} =~ ^[0-9]+$ ]] || fail "--architecture needs a number like 90; see the head of this file"
    architecture=$2
    shift 2
fi
[ $# -le 1 ] || fail "one archive at most; see the head of this file"
archive=$(realpath -m "${1:-build/gpu-pack.tar.xz}")
for tool in mvn javac cmake g++ xz; do
    command -v "$tool" >/dev/null || fail "$tool is not installed"
done

jdk=${JLINK_JDK:-}
if [ -z "$jdk" ]; then
    for found in /usr/lib/jvm/temurin-25-jdk*; do
        [ -x "$found/bin/jlink" ] && jdk=$found
    done
fi
[ -n "$jdk" ] || jdk=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
[ -x "$jdk/bin/jlink" ] || fail "there is no jlink in $jdk; name a JDK with JLINK_JDK"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pack=$work/pack
mkdir -p "$pack/lib" "$pack/native" "$(dirname "$archive")"

# The binding calls the library by its C functions, so that of the emulated build, which needs no nvcc, fits any build. The
# emulated library itself stays here.
mvn -B -ntp -q -Dquality=false -Pemulated -pl java/core process-test-classes
(cd java/core/target/native-emulated && find . -name 'libjni*.so' -exec cp --parents {} "$pack/native" \;)
# A folder: to look for tests in a jar, JUnit would need one more module.
cp -r java/core/target/test-classes "$pack/tests"
# What tests need; the console launcher holds all of JUnit.
mvn -B -ntp -q -Dquality=false -Pemulated -pl java/core dependency:copy-dependencies -DincludeScope=test "-DoutputDirectory=$pack/lib" \
    -DexcludeGroupIds=org.junit.jupiter,org.junit.platform,org.opentest4j,org.apiguardian
junit=$(sed -n 's:.*<junit.version>\(.*\)</junit.version>:\1:p' pom.xml)
mvn -B -ntp -q -Dquality=false -N dependency:copy "-Dartifact=org.junit.platform:junit-platform-console-standalone:1.${junit#5.}" \
    "-DoutputDirectory=$pack/lib"

mvn -B -ntp -q -Dquality=false -DskipTests -Pcublas -pl bench -am package
version=$(sed -n 's:^  <version>\(.*\)</version>:\1:p' pom.xml)
cp "java/core/target/slicedscore-$version.jar" "$pack/lib/slicedscore.jar"
cp bench/target/benchmarks.jar "$pack/"
git describe --always --dirty '--exclude=*' >"$pack/COMMIT" 2>/dev/null || echo unknown >"$pack/COMMIT"

if [ -n "$architecture" ]; then
    cmake --preset release -B build/gpu "-DCMAKE_CUDA_ARCHITECTURES=$architecture-real" && cmake --build build/gpu
    mkdir "$pack/build"
    (cd build/gpu && find . -type f '(' -path './bin/*' -o -path './lib/*.so' -o -path ./CMakeCache.txt -o -name CTestTestfile.cmake ')' \
        -exec cp --parents -t "$pack/build" {} +)
    echo "$architecture" >"$pack/build/ARCHITECTURE"
fi

# JDK 25 has another word for "not compressed"; xz does better on what jlink left as it was.
compress=0
[ "$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$jdk/release")" -ge 21 ] && compress=zip-0
"$jdk/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages --vm=server \
    "--compress=$compress" --output "$pack/jre"

tar -C "$pack" -cf - . | xz -9e -T0 >"$archive"

bytes=$(stat -c %s "$archive")
(cd "$pack" && du -sh jre lib tests benchmarks.jar native)
echo "$archive: $((bytes / 1024)) KiB; run-time image of $jdk, commit $(cat "$pack/COMMIT")"
((bytes <= most_bytes)) || fail "the archive is larger than $((most_bytes / 1024 / 1024)) MiB"
