package dev.berth.http;

import dev.berth.artifact.GivenFileStore;
import dev.berth.live.FileKeeping;
import dev.berth.live.SentFile;
import dev.berth.protocol.FileName;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.UploadedFile;
import io.vertx.core.Future;
import java.util.List;

/** Keeps the files of viewers as those of uploads are kept. */
record ViewersFiles(GivenFileStore files) implements FileKeeping {
    @Override
    public Future<List<UploadedFile>> store(SessionId session, List<SentFile> sent) {
        return files.store(
                session,
                sent.stream()
                        .map(file -> new GivenFileStore.File(FileName.of(file.name()), file.content()))
                        .toList());
    }

    @Override
    public void discard(List<UploadedFile> stored) {
        files.discard(stored);
    }
}
