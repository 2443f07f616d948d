package io.github.slicedscore.cli;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Under which heading help lists an option, or all options of a class; one on a field goes before that of its class. Options
 * without a heading come first.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.FIELD})
@interface Heading {
    /** The words, without a colon. */
    String value();
}
