package io.github.slicedscore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.github.slicedscore.cli.Cli.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A report in Chromium, where there is one: nothing is asked from anywhere, and nothing is complained about. */
class ReportBrowserTest {
    @TempDir
    Path folder;

    /**
     * What the browser did with a page.
     *
     * @param dom the page as it understood it
     * @param console what it wrote to its console
     * @param requests paths it asked its server for
     */
    private record Visit(String dom, List<String> console, List<String> requests) {}

    private static Path chromium() {
        List<String> names = List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
        Path found = Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                .flatMap(directory -> names.stream().map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        assumeTrue(found != null, "there is no Chromium on PATH to open a report with (apt-get install chromium)");
        return found;
    }

    private Visit visit(String page) throws Exception {
        Path browser = chromium();
        List<String> requests = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestURI().toString());
            byte[] bytes = page.getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        Path dom = folder.resolve("dom.html");
        Path log = folder.resolve("log.txt");
        try {
            Process process = new ProcessBuilder(
                            browser.toString(),
                            "--headless",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-dev-shm-usage",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--enable-logging=stderr",
                            "--user-data-dir=" + folder.resolve("profile"),
                            "--dump-dom",
                            "http://127.0.0.1:" + server.getAddress().getPort() + "/report.html")
                    .redirectOutput(dom.toFile())
                    .redirectError(log.toFile())
                    .start();
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IOException(browser + " did not end: " + Files.readString(log));
            }
        } finally {
            server.stop(0);
        }
        // Lines such as [pid:tid:time:INFO:CONSOLE:1] "message", source: ...
        Pattern console = Pattern.compile("\\[[^]]*:CONSOLE.*");
        return new Visit(
                Files.readString(dom),
                Files.readString(log)
                        .lines()
                        .filter(line -> console.matcher(line).matches())
                        .toList(),
                List.copyOf(requests));
    }

    @Test
    void aReportAsksForNothingAndLogsNothing() throws Exception {
        chromium();
        Path data = Tables.mixture(folder.resolve("data.csv"), 400);
        Path model = folder.resolve("model.safetensors");
        Path report = folder.resolve("report.html");
        run("train", data, "--drop", "name,side", "--out", model, "--hidden", "8", "--steps", "50", "--quiet");
        run("report", model, data, "--out", report, "--annealed-chains", "20", "--temperatures", "5", "--rows", "100");

        Visit visit = visit(Files.readString(report));

        assertThat(visit.requests()).containsExactly("/report.html");
        assertThat(visit.console()).isEmpty();
        assertThat(visit.dom())
                .contains("<h1>Report on model.safetensors</h1>", "The most unusual rows", "</html>")
                .contains("<image x=");
    }

    /** That the visit above would have noticed. */
    @Test
    void aPageThatLoadsOrFailsIsNoticed() throws Exception {
        Visit loading =
                visit("<!DOCTYPE html><title>x</title><img src=\"other.png\"><link rel=\"icon\" href=\"data:,\">");
        assertThat(loading.requests()).contains("/report.html", "/other.png");

        Visit forbidden =
                visit("<!DOCTYPE html><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">"
                        + "<link rel=\"icon\" href=\"data:,\"><img src=\"http://192.0.2.1/x.png\">");
        assertThat(forbidden.console()).anyMatch(line -> line.contains("Content Security Policy"));

        Visit broken = visit("<!DOCTYPE html><link rel=\"icon\" href=\"data:,\"><svg><path d=\"M0 NaN\"></path></svg>");
        assertThat(broken.console()).anyMatch(line -> line.contains("attribute d"));
    }

    private static void run(Object... line) {
        Outcome outcome = Cli.run(line);
        assertThat(outcome.code()).as(outcome.err()).isZero();
    }
}
