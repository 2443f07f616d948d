package io.github.slicedscore.internal.cuda;

import io.github.slicedscore.backend.Precision;

/** The contract with factors rounded to 8 bits, for some of its cases. */
class CudaBf16ContractTest extends CudaBackendContractTest {
    @Override
    protected Precision precision() {
        return Precision.BF16;
    }

    @Override
    protected int stride() {
        return 7;
    }
}
