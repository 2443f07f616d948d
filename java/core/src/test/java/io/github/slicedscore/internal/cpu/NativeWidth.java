package io.github.slicedscore.internal.cpu;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips a class where the build asks for vectors that are wider than this machine's. */
final class NativeWidth implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (KernelSelection.ofThisJvm() instanceof KernelSelection.Refused refused
                && Jvm.running().vectorModule() == Jvm.VectorModule.READABLE) {
            return ConditionEvaluationResult.disabled(refused.reason());
        }
        return ConditionEvaluationResult.enabled("the kernels that are asked for work here");
    }
}
