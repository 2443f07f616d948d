package io.github.slicedscore.internal.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The weights of several parts of a network as one: the pieces and chunks of the first part, then those of the second, and so on. */
class JoinedWeights extends Weights {
    /**
     * A chunk as its part knows it.
     *
     * @param part whose it is
     * @param chunk with the part's own numbers of layer and pieces
     * @param firstPiece what the joined numbers of pieces are higher by
     */
    record Place(int part, Chunk chunk, int firstPiece) {}

    private final List<Weights> parts;
    private final float[][] pieces;
    private final List<Chunk> chunks = new ArrayList<>();
    /** Of the chunk that begins with a piece. */
    private final Place[] places;

    JoinedWeights(List<? extends Weights> parts) {
        this.parts = List.copyOf(parts);
        List<float[]> all = new ArrayList<>();
        parts.forEach(part -> all.addAll(List.of(part.pieces())));
        pieces = all.toArray(new float[0][]);
        places = new Place[pieces.length];
        int firstPiece = 0;
        int layers = 0;
        for (int part = 0; part < parts.size(); part++) {
            int firstLayer = layers;
            for (Chunk chunk : parts.get(part).chunks()) {
                Chunk joined =
                        new Chunk(firstLayer + chunk.layer(), firstPiece + chunk.from(), firstPiece + chunk.to());
                chunks.add(joined);
                places[joined.from()] = new Place(part, chunk, firstPiece);
                layers = Math.max(layers, joined.layer() + 1);
            }
            firstPiece += parts.get(part).pieces().length;
        }
    }

    /** Where a chunk belongs. */
    final Place place(Chunk chunk) {
        return places[chunk.from()];
    }

    @Override
    final float[][] pieces() {
        return pieces;
    }

    @Override
    final List<Chunk> chunks() {
        return chunks;
    }

    @Override
    void refresh(Chunk chunk) {
        Place place = place(chunk);
        parts.get(place.part).refresh(place.chunk);
    }

    @Override
    int size() {
        return parts.stream().mapToInt(Weights::size).sum();
    }

    @Override
    void unflatten(float[] flat, int offset, float[][] into) {
        int next = offset;
        int piece = 0;
        for (Weights part : parts) {
            part.unflatten(flat, next, part(into, piece, part));
            next += part.size();
            piece += part.pieces().length;
        }
    }

    @Override
    void flatten(float[][] from, float[] flat, int offset) {
        int next = offset;
        int piece = 0;
        for (Weights part : parts) {
            part.flatten(part(from, piece, part), flat, next);
            next += part.size();
            piece += part.pieces().length;
        }
    }

    private static float[][] part(float[][] all, int first, Weights part) {
        return Arrays.copyOfRange(all, first, first + part.pieces().length);
    }
}
