package io.github.slicedscore.objective;

/** The distribution of slices, scaled so that E[v v^T] = I for each: what makes v.J v an unbiased estimate of tr J. */
public enum Projection {
    /** Independent signs, -1 or +1; the smallest variance of the three for a symmetric J. */
    RADEMACHER("rademacher"),
    /** Independent standard normals. */
    GAUSSIAN("gaussian"),
    /** Uniform on the sphere of radius sqrt(D), not the unit sphere. */
    SPHERE("sphere");

    private final String id;

    Projection(String id) {
        this.id = id;
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
     * The projection of a name.
     *
     * @param id lower-case name
     * @return the projection
     * @throws IllegalArgumentException naming the choices, if there is none of that name
     */
    public static Projection of(String id) {
        for (Projection projection : values()) {
            if (projection.id.equals(id)) {
                return projection;
            }
        }
        throw new IllegalArgumentException(
                "no projection is called '" + id + "'; choose one of rademacher, gaussian, sphere");
    }
}
