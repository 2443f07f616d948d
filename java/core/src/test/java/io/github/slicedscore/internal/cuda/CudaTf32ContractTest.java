package io.github.slicedscore.internal.cuda;

import io.github.slicedscore.backend.Precision;

/** The contract with factors rounded to 11 bits, for some of its cases. */
class CudaTf32ContractTest extends CudaBackendContractTest {
    @Override
    protected Precision precision() {
        return Precision.TF32;
    }

    @Override
    protected int stride() {
        return 5;
    }
}
