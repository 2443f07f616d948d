// The activations by name, for host and device code.
#pragma once

namespace slicedscore {

// The codes of the C interface, in the order of Java's enum.
enum class Activation { Softplus, Tanh, Silu, Gelu, Sigmoid, Sin, Elu, Relu };

constexpr int ACTIVATION_COUNT = 8;

}  // namespace slicedscore
