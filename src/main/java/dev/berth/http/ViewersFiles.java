package dev.berth.http;

import dev.berth.http.routes.Uploads;
import dev.berth.live.FileKeeping;
import dev.berth.live.SentFile;
import dev.berth.protocol.FileName;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.UploadedFile;
import dev.berth.verbs.GivenFile;
import io.vertx.core.Future;
import java.util.List;

/** Keeps the files of viewers as those of uploads are kept. */
record ViewersFiles(Uploads uploads) implements FileKeeping {
    @Override
    public Future<List<UploadedFile>> store(SessionId session, List<SentFile> files) {
        return uploads.store(
                session,
                files.stream()
                        .map(file -> new GivenFile(FileName.of(file.name()), file.content()))
                        .toList());
    }

    @Override
    public void discard(List<UploadedFile> files) {
        uploads.discard(files);
    }
}
