package dev.berth.story;

import dev.berth.protocol.HistoryReply.StoryPage;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.LogAppended;
import dev.berth.protocol.StoryCursor;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;

/** Takes one page of a story. On the event loop of the reader. */
final class StoryPager implements Output {
    /** The bus carries no bulk data. */
    static final int PAGE_BYTES = 256 << 10;
    /** A guess, for what is no log entry. */
    private static final int ROW_BYTES = 1 << 10;

    private final int limit;
    private final Promise<StoryPage> page;
    private final List<SessionEvent> events = new ArrayList<>();
    private StoryCursor next;
    private int bytes;

    StoryPager(StoryCursor from, int limit, Promise<StoryPage> page) {
        this.next = from;
        this.limit = limit;
        this.page = page;
    }

    @Override
    public boolean isFull() {
        return events.size() >= limit || bytes >= PAGE_BYTES;
    }

    @Override
    public void tell(SessionEvent event, StoryCursor after) {
        events.add(event);
        bytes += event instanceof LogAppended log
                ? log.lines().bytes(0, log.lines().count())
                : ROW_BYTES;
        next = after;
    }

    @Override
    public void flush() {
        if (isFull()) {
            complete(false);
        }
    }

    @Override
    public void live() {
        complete(false);
    }

    @Override
    public void end() {
        complete(true);
    }

    private void complete(boolean over) {
        page.tryComplete(new StoryPage(events, next, over));
    }

    @Override
    public void fail(Throwable why) {
        page.tryFail(why);
    }
}
