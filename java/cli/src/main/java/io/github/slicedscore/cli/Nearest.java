package io.github.slicedscore.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** What somebody meant who misspelt a word. */
final class Nearest {
    private Nearest() {}

    /** The word of a list that is most like another; none if it takes more than a third of its letters to get there. */
    static Optional<String> of(String word, Collection<String> words) {
        int most = Math.max(1, word.length() / 3);
        Optional<String> close = words.stream()
                .filter(known -> distance(word, known) <= most)
                .min(Comparator.comparingInt((String known) -> distance(word, known))
                        .thenComparing(Comparator.naturalOrder()));
        return close.or(() -> words.stream()
                .filter(known -> word.length() >= 2 && known.startsWith(word))
                .min(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder())));
    }

    /**
     * Letters to insert, delete, replace, or swap with their neighbour, to make one word of another: the restricted
     * Damerau-Levenshtein distance.
     */
    static int distance(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replaced = cost[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[from.length()][to.length()];
    }
}
