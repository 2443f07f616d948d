/** What the targets and the tests of hostile files share. */
package io.github.slicedscore.fuzz;
