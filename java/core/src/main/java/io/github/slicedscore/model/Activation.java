package io.github.slicedscore.model;

import io.github.slicedscore.math.Erf;

/**
 * The nonlinearity between layers, with the three derivatives that jets of an energy need.
 *
 * <p>The methods here are the definition, in double precision; backends have their own fast versions and are tested
 * against these.
 */
public enum Activation {
    /** log(1 + e^z). */
    SOFTPLUS("softplus", Smoothness.ANALYTIC) {
        @Override
        public double value(double z) {
            return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
        }

        @Override
        public double first(double z) {
            return sigmoid(z);
        }

        @Override
        public double second(double z) {
            double s = sigmoid(z);
            return s * sigmoid(-z);
        }

        @Override
        public double third(double z) {
            double s = sigmoid(z);
            return s * sigmoid(-z) * (1 - 2 * s);
        }
    },
    /** Hyperbolic tangent. */
    TANH("tanh", Smoothness.ANALYTIC) {
        @Override
        public double value(double z) {
            return Math.tanh(z);
        }

        @Override
        public double first(double z) {
            double t = Math.tanh(z);
            return 1 - t * t;
        }

        @Override
        public double second(double z) {
            double t = Math.tanh(z);
            return -2 * t * (1 - t * t);
        }

        @Override
        public double third(double z) {
            double t2 = Math.tanh(z) * Math.tanh(z);
            return (1 - t2) * (6 * t2 - 2);
        }
    },
    /** z times the logistic sigmoid of z; also called swish. */
    SILU("silu", Smoothness.ANALYTIC) {
        @Override
        public double value(double z) {
            return z * sigmoid(z);
        }

        @Override
        public double first(double z) {
            double s = sigmoid(z);
            return s + z * s * (1 - s);
        }

        @Override
        public double second(double z) {
            double s = sigmoid(z);
            return s * (1 - s) * (2 + z * (1 - 2 * s));
        }

        @Override
        public double third(double z) {
            double s = sigmoid(z);
            double d = s * (1 - s);
            return d * (3 * (1 - 2 * s) + z * (1 - 6 * d));
        }
    },
    /** z times the standard normal distribution function of z, the exact form with erf. */
    GELU("gelu", Smoothness.ANALYTIC) {
        @Override
        public double value(double z) {
            return z * 0.5 * (1 + Erf.erf(z * Math.sqrt(0.5)));
        }

        @Override
        public double first(double z) {
            return 0.5 * (1 + Erf.erf(z * Math.sqrt(0.5))) + z * density(z);
        }

        @Override
        public double second(double z) {
            return density(z) * (2 - z * z);
        }

        @Override
        public double third(double z) {
            return density(z) * z * (z * z - 4);
        }

        private static double density(double z) {
            return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
        }
    },
    /** Logistic sigmoid 1 / (1 + e^-z). */
    SIGMOID("sigmoid", Smoothness.ANALYTIC) {
        @Override
        public double value(double z) {
            return sigmoid(z);
        }

        @Override
        public double first(double z) {
            double s = sigmoid(z);
            return s * (1 - s);
        }

        @Override
        public double second(double z) {
            double s = sigmoid(z);
            return s * (1 - s) * (1 - 2 * s);
        }

        @Override
        public double third(double z) {
            double s = sigmoid(z);
            double d = s * (1 - s);
            return d * (1 - 6 * d);
        }
    },
    /** Sine, frequency 1. */
    SIN("sin", Smoothness.ANALYTIC) {
        @Override
        public double value(double z) {
            return Math.sin(z);
        }

        @Override
        public double first(double z) {
            return Math.cos(z);
        }

        @Override
        public double second(double z) {
            return -Math.sin(z);
        }

        @Override
        public double third(double z) {
            return -Math.cos(z);
        }
    },
    /** z above zero, e^z - 1 below. Its first derivative is continuous, its second is not. */
    ELU("elu", Smoothness.FIRST) {
        @Override
        public double value(double z) {
            return z > 0 ? z : Math.expm1(z);
        }

        @Override
        public double first(double z) {
            return z > 0 ? 1 : Math.exp(z);
        }

        @Override
        public double second(double z) {
            return z > 0 ? 0 : Math.exp(z);
        }

        @Override
        public double third(double z) {
            return z > 0 ? 0 : Math.exp(z);
        }
    },
    /** max(z, 0). Its first derivative jumps at zero. */
    RELU("relu", Smoothness.VALUE) {
        @Override
        public double value(double z) {
            return Math.max(z, 0);
        }

        @Override
        public double first(double z) {
            return z > 0 ? 1 : 0;
        }

        @Override
        public double second(double z) {
            return 0;
        }

        @Override
        public double third(double z) {
            return 0;
        }
    };

    /** How many derivatives of an activation are continuous. */
    public enum Smoothness {
        /** The value only. */
        VALUE,
        /** Value and first derivative. */
        FIRST,
        /** All derivatives. */
        ANALYTIC
    }

    private final String id;
    private final Smoothness smoothness;

    Activation(String id, Smoothness smoothness) {
        this.id = id;
        this.smoothness = smoothness;
    }

    /**
     * The name in files and on the command line.
     *
     * @return lower-case name
     */
    public String id() {
        return id;
    }

    /**
     * How many derivatives are continuous; decides which objectives may use the activation.
     *
     * @return the smoothness
     */
    public Smoothness smoothness() {
        return smoothness;
    }

    /**
     * The activation of a name.
     *
     * @param id lower-case name as given by {@link #id}
     * @return the activation
     * @throws IllegalArgumentException naming the choices, if there is none of that name
     */
    public static Activation of(String id) {
        for (Activation activation : values()) {
            if (activation.id.equals(id)) {
                return activation;
            }
        }
        throw new IllegalArgumentException("no activation is called '" + id
                + "'; choose one of softplus, tanh, silu, gelu," + " sigmoid, sin, elu, relu");
    }

    /**
     * The function itself.
     *
     * @param z argument
     * @return act(z)
     */
    public abstract double value(double z);

    /**
     * The first derivative.
     *
     * @param z argument
     * @return act'(z)
     */
    public abstract double first(double z);

    /**
     * The second derivative.
     *
     * @param z argument
     * @return act''(z); at a kink, the value to its left
     */
    public abstract double second(double z);

    /**
     * The third derivative.
     *
     * @param z argument
     * @return act'''(z); at a kink, the value to its left
     */
    public abstract double third(double z);

    private static double sigmoid(double z) {
        double e = Math.exp(-Math.abs(z));
        return (z >= 0 ? 1 : e) / (1 + e);
    }
}
