package io.github.slicedscore.bench;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Fused multiply-adds on registers alone, of the machine's preferred width: as many a second as the processor can do, which no
 * matrix product exceeds.
 */
final class FmaLoop {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /** Chains that wait for nothing but themselves: more than latency times units asks for, fewer than there are registers. */
    private static final int CHAINS = 12;

    private FmaLoop() {}

    /** GFLOP of so many rounds, two operations a lane. */
    static double gigaflop(long rounds) {
        return 2e-9 * CHAINS * SPECIES.length() * rounds;
    }

    /** Does the work; the result is of no use but must be used. Locals in a single counted loop, so that C2 keeps registers. */
    static float run(int rounds) {
        FloatVector factor = FloatVector.broadcast(SPECIES, 0.999f);
        FloatVector summand = FloatVector.broadcast(SPECIES, 0.001f);
        FloatVector a = summand;
        FloatVector b = factor;
        FloatVector c = summand.add(1);
        FloatVector d = summand.add(2);
        FloatVector e = summand.add(3);
        FloatVector f = summand.add(4);
        FloatVector g = summand.add(5);
        FloatVector h = summand.add(6);
        FloatVector i = summand.add(7);
        FloatVector j = summand.add(8);
        FloatVector k = summand.add(9);
        FloatVector l = summand.add(10);
        for (int round = 0; round < rounds; round++) {
            a = a.fma(factor, summand);
            b = b.fma(factor, summand);
            c = c.fma(factor, summand);
            d = d.fma(factor, summand);
            e = e.fma(factor, summand);
            f = f.fma(factor, summand);
            g = g.fma(factor, summand);
            h = h.fma(factor, summand);
            i = i.fma(factor, summand);
            j = j.fma(factor, summand);
            k = k.fma(factor, summand);
            l = l.fma(factor, summand);
        }
        return a.add(b)
                .add(c)
                .add(d)
                .add(e)
                .add(f)
                .add(g)
                .add(h)
                .add(i)
                .add(j)
                .add(k)
                .add(l)
                .reduceLanes(VectorOperators.ADD);
    }
}
