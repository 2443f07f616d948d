package io.github.slicedscore;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the table of which package may use which. */
class ArchitectureTest {
    private static final String ROOT = "io.github.slicedscore";

    /** A package and what it may use, beside itself, java.* and JSpecify. ROOT is the root package. */
    private static final Map<String, String[]> TABLE = """
            math          :
            internal.text :
            data          : math internal.text de.siegmar.fastcsv..
            model         : math data
            objective     : math data model
            optim         : math
            backend       : math data model objective optim
            internal.cpu  : math data model objective optim backend jdk.incubator.vector..
            cuda          : data model backend org.bytedeco.javacpp..
            internal.cuda : math data model objective optim backend cuda org.bytedeco.javacpp..
            io            : math internal.text data model optim
            ROOT          : math data model objective optim backend io
            exchange      : data model io ROOT
            train         : math data model objective optim backend io ROOT
            sample        : math data model objective optim backend io ROOT
            eval          : math data model objective optim backend io ROOT sample
            """.lines()
            .map(line -> line.split(" *: *", 2))
            .collect(toMap(row -> packageName(row[0]), row -> packageNames(row[1])));

    /** Deserialisation, compilers, class loaders, processes, networks. */
    private static final String CODE_FROM_DATA = "java[.]io[.](Object(In|Out)putStream|Externalizable)"
            + "|javax[.](script|tools|naming|management)[.].*|java[.]rmi[.].*|java[.]lang[.]invoke[.]MethodHandles[$]Lookup"
            + "|java[.](net|security)[.].*ClassLoader|java[.]lang[.]Process(Builder)?"
            + "|java[.]net[.].*|java[.]nio[.]channels[.].*Socket.*";

    private static JavaClasses library;

    @BeforeAll
    static void readClassFiles() {
        library = new ClassFileImporter().importPath(Path.of(System.getProperty("basedir", ""), "target", "classes"));
        assertThat(library).as("compiled classes of the library").isNotEmpty();
    }

    static Stream<String> packages() {
        return TABLE.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("packages")
    void usesOnlyWhatItsRowNames(String user) {
        DescribedPredicate<JavaClass> allowed = resideInAnyPackage(TABLE.get(user))
                .or(resideInAnyPackage(user, "java..", "org.jspecify.annotations"))
                .as("its row of the table allows");
        classes()
                .that()
                .resideInAPackage(user)
                .should()
                .onlyDependOnClassesThat(allowed)
                .allowEmptyShould(true)
                .check(library);
    }

    @Test
    void everyPackageHasARow() {
        classes()
                .should()
                .resideInAnyPackage(TABLE.keySet().toArray(String[]::new))
                .check(library);
    }

    /** In most JVMs that run this library, the module of the Vector API is not there. */
    @Test
    void onlyKernelsOnTheVectorApiSeeIt() {
        noClasses()
                .that()
                .haveNameNotMatching(Pattern.quote(ROOT + ".internal.cpu.Simd") + ".*")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector..")
                .check(library);
    }

    /** What a file holds never becomes a class, an object of a class that it names, a process or a connection. */
    @Test
    void noCodeComesFromData() {
        // It asks where the library's own files lie, which Java tells by a java.net.URL.
        noClasses()
                .that()
                .haveNameNotMatching(Pattern.quote(ROOT + ".internal.cuda.NativeFiles"))
                .should()
                .dependOnClassesThat()
                .haveNameMatching(CODE_FROM_DATA)
                .check(library);
        // Both ask for classes of the JDK, by constant names.
        noClasses()
                .that()
                .haveNameNotMatching(Pattern.quote(ROOT + ".internal.cpu.") + "(HotSpotOptions|Jvm)")
                .should()
                .callMethodWhere(target(nameMatching("forName|loadClass|defineClass|exec")))
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java[.]lang[.]reflect[.](Method|Field|Constructor|Proxy|AccessibleObject)")
                .check(library);
        noClasses()
                .that()
                .haveNameNotMatching(Pattern.quote(ROOT + ".backend.Backends") + ".*")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.ServiceLoader")
                .check(library);
    }

    private static String[] packageNames(String row) {
        return Arrays.stream(row.split(" "))
                .filter(name -> !name.isEmpty())
                .map(ArchitectureTest::packageName)
                .toArray(String[]::new);
    }

    /** Names that end in ".." are full names already. */
    private static String packageName(String name) {
        if (name.endsWith("..")) {
            return name;
        }
        return name.equals("ROOT") ? ROOT : ROOT + "." + name;
    }
}
