package com.example;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.BackendProvider;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.data.CsvOptions;
import io.github.slicedscore.data.CsvReader;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.train.Trainer;
import io.github.slicedscore.train.TrainingConfig;
import java.nio.file.Path;

/** Says what the backends are, trains on a CSV file of two columns, saves, loads, and asks the model. */
public final class Example {
    private Example() {}

    public static void main(String[] args) throws Exception {
        for (BackendProvider provider : Backends.providers()) {
            System.out.println(provider.name() + ": " + provider.status(new BackendOptions()));
        }
        Dataset data = CsvReader.read(Path.of(args[0]), CsvOptions.DEFAULT);
        TrainingConfig config =
                TrainingConfig.builder().hidden(16).steps(100).seed(1).build();
        try (Backend backend = Backends.auto();
                ScoreModel model = new Trainer(config, data, backend).run().model()) {
            model.save(Path.of(args[1]));
        }
        try (ScoreModel model = ScoreModel.load(Path.of(args[1]))) {
            System.out.println("within the data " + model.logDensity(5, -1));
            System.out.println("far away " + model.logDensity(15, 9));
            System.out.println("score " + model.score(5, -1).length);
        }
    }
}
