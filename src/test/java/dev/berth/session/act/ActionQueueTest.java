package dev.berth.session.act;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.Browser;
import dev.berth.browser.BrowserDriver;
import dev.berth.browser.BrowserDriver.Navigated;
import dev.berth.browser.BrowserPages;
import dev.berth.fake.FakeBrowser;
import dev.berth.fake.HandScheduler;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.ActionReply.NavigationResult;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.ArtifactEntry.UploadedFile;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.BrowserAction;
import dev.berth.protocol.Cost;
import dev.berth.protocol.ElementAction;
import dev.berth.protocol.Envelope;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.PageAction;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.Pointing.MouseButton;
import dev.berth.protocol.ProtocolSamples;
import dev.berth.protocol.RecordingAction;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskSupport.TaskNote;
import dev.berth.protocol.VerbChoices.ContentFormat;
import dev.berth.protocol.VerbChoices.ElementState;
import dev.berth.protocol.VerbChoices.ImageFormat;
import dev.berth.protocol.VerbChoices.WaitUntil;
import dev.berth.session.keep.SessionFiles;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ActionQueueTest {
    private static final long TIMEOUT = 1_000;
    private static final ArtifactEntry FILE = new ArtifactEntry(
            "upload-1",
            ArtifactType.UPLOAD,
            "upload/a.txt",
            Optional.empty(),
            Instant.EPOCH,
            "text/plain",
            1,
            ArtifactState.STORED);

    private final List<ActionEntry> log = new ArrayList<>();

    private static List<Action<?>> everyAction() {
        return Stream.concat(onTheBrowser(), Stream.of(new TaskNote("note", Map.of())))
                .toList();
    }

    private static Stream<Action<?>> onTheBrowser() {
        return Stream.of(
                new PageAction.Navigate("https://a.b", WaitUntil.LOAD, TIMEOUT),
                new PageAction.GoBack(WaitUntil.LOAD, TIMEOUT),
                new PageAction.GoForward(WaitUntil.LOAD, TIMEOUT),
                new PageAction.Reload(WaitUntil.LOAD, TIMEOUT),
                new PageAction.TakeScreenshot(false, Optional.empty(), ImageFormat.PNG, Optional.empty(), TIMEOUT),
                new PageAction.Evaluate("1", TIMEOUT),
                new ElementAction.Click("#x", MouseButton.LEFT, 1, TIMEOUT),
                new ElementAction.Hover("#x", TIMEOUT),
                new ElementAction.Drag(
                        "#x",
                        Optional.of("#y"),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        TIMEOUT),
                new PageAction.UseMouse(
                        PageAction.MouseUse.CLICK,
                        1,
                        2,
                        MouseButton.LEFT,
                        1,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        TIMEOUT),
                new ElementAction.Type(Optional.of("#x"), "t", TIMEOUT),
                new ElementAction.Fill("#x", "v", TIMEOUT),
                new ElementAction.Press(Optional.empty(), "a", TIMEOUT),
                new ElementAction.Select("#x", List.of("a"), TIMEOUT),
                new ElementAction.Scroll(Optional.empty(), 0, 1, TIMEOUT),
                new ElementAction.WaitFor("#x", ElementState.VISIBLE, TIMEOUT),
                new PageAction.ReadContent(ContentFormat.TEXT, TIMEOUT),
                new PageAction.TakeSnapshot(TIMEOUT),
                new PageAction.PrintPdf(false, false, 1, 8, 11, 0, Optional.empty(), TIMEOUT),
                new ElementAction.Upload("#x", List.of(new UploadedFile("a.txt", FILE)), TIMEOUT),
                new BrowserAction.ReadCookies(TIMEOUT),
                new BrowserAction.SetCookies(List.of(), TIMEOUT),
                new BrowserAction.ReadStorageState(true, TIMEOUT),
                new BrowserAction.SetStorageState(List.of(), List.of(), TIMEOUT),
                new BrowserAction.AnswerDialogs(true, Optional.empty(), TIMEOUT),
                ProtocolSamples.EMULATE,
                ProtocolSamples.ROUTE,
                new BrowserAction.RemoveRoute("route-1", TIMEOUT),
                new BrowserAction.OpenPage(Optional.empty(), WaitUntil.LOAD, TIMEOUT),
                new BrowserAction.ActivatePage("page", TIMEOUT),
                new BrowserAction.ClosePage("page", TIMEOUT),
                new RecordingAction.StartRecording(),
                new RecordingAction.StopRecording(),
                new RecordingAction.KeepRecording());
    }

    /** A browser whose every call throws. */
    private static Browser broken() {
        BrowserDriver driver = fake(BrowserDriver.class, (proxy, method, arguments) -> {
            throw new IllegalStateException("its own fault");
        });
        BrowserPages pages = fake(BrowserPages.class, (proxy, method, arguments) -> {
            if (method.getName().equals("active")) {
                return Optional.of("page");
            }
            throw new IllegalStateException("its own fault");
        });
        return fake(Browser.class, (proxy, method, arguments) -> {
            if (method.getName().equals("driver")) {
                return driver;
            } else if (method.getName().equals("pages")) {
                return pages;
            }
            throw new IllegalStateException("its own fault");
        });
    }

    private static <T> T fake(Class<T> port, java.lang.reflect.InvocationHandler answers) {
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, answers));
    }

    private ActionQueue queue() {
        return new ActionQueue(
                new ActionRunner(broken(), new HandScheduler(), null, new SessionFiles(null, null, null), null),
                action -> {
                    log.add(action);
                    return Future.succeededFuture();
                });
    }

    @Test
    void everyActionOfTheProtocolIsHandled() {
        assertThat(everyAction().stream().map(Object::getClass).collect(Collectors.toSet()))
                .isEqualTo(Stream.of(Action.class.getPermittedSubclasses())
                        .flatMap(family ->
                                family.isSealed() ? Stream.of(family.getPermittedSubclasses()) : Stream.of(family))
                        .collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @MethodSource("onTheBrowser")
    void anActionThatThrowsFailsAndTheNextOneRuns(Action<?> action) {
        ActionQueue queue = queue();
        Future<SessionReply> first = queue.submit(action, Envelope.EMPTY);
        Future<SessionReply> second = queue.submit(action, Envelope.EMPTY);
        assertThat(first.failed()).isTrue();
        assertThat(second.failed()).isTrue();
        assertThat(log).hasSize(2).allSatisfy(entry -> {
            assertThat(entry.success()).isFalse();
            assertThat(entry.type()).matches("[a-z-]+");
            assertThat(entry.error()).contains("the server failed to do it");
        });
    }

    @Test
    void aNoteOfATaskIsAnEntryThatNamesTheTaskAndSaysWhy() {
        TaskId task = TaskId.random();
        Envelope because = new Envelope(
                OptionalLong.empty(),
                ActionSource.AI,
                Cost.NONE,
                Optional.empty(),
                Optional.of("two fit"),
                Optional.of(task.value()));
        Future<SessionReply> noted = queue().submit(new TaskNote("ask_human", Map.of("question", "which?")), because);
        assertThat(noted.succeeded()).isTrue();
        assertThat(log).singleElement().satisfies(entry -> {
            assertThat(entry.type()).isEqualTo("ask_human");
            assertThat(entry.details())
                    .isEqualTo(Map.of("question", "which?", "reason", "two fit", "taskId", task.value()));
        });
    }

    @Test
    void theNavigationOfTheLaunchIsLoggedAndNotSentAgain() {
        Navigate opening = new Navigate("https://a.b", WaitUntil.LOAD, TIMEOUT);
        Promise<Navigated> navigated = Promise.promise();
        Future<SessionReply> opened = queue().submitBegun(opening, Envelope.EMPTY, navigated.future());
        assertThat(opened.isComplete()).isFalse();
        NavigationResult page = new NavigationResult("https://a.b/", "A", Optional.of(200), true);
        navigated.complete(new Navigated(page, Optional.empty()));
        assertThat(opened.result()).isEqualTo(page);
        assertThat(log).singleElement().satisfies(entry -> {
            assertThat(entry.type()).isEqualTo("navigate");
            assertThat(entry.success()).isTrue();
            assertThat(entry.details()).containsEntry("finalUrl", "https://a.b/");
        });
    }

    /** A page that hangs is worth recording. */
    @Test
    void anActionOnRecordingsDoesNotWaitForThoseOnPages() {
        ActionQueue queue = queue();
        Navigate opening = new Navigate("https://a.b", WaitUntil.LOAD, TIMEOUT);
        Future<SessionReply> hanging = queue.submitBegun(
                opening, Envelope.EMPTY, Promise.<Navigated>promise().future());
        assertThat(queue.submit(new RecordingAction.StartRecording(), Envelope.EMPTY)
                        .isComplete())
                .isTrue();
        assertThat(log).extracting(ActionEntry::type).containsExactly("start-recording");
        assertThat(hanging.isComplete()).isFalse();
    }

    private static Envelope person(String pageId) {
        return new Envelope(
                OptionalLong.empty(),
                ActionSource.LIVE,
                Cost.NONE,
                Optional.of(pageId),
                Optional.empty(),
                Optional.empty());
    }

    private Future<SessionReply> hang(ActionQueue queue, Envelope by, Future<Navigated> until) {
        return queue.submitBegun(new Navigate("https://a.b", WaitUntil.LOAD, TIMEOUT), by, until);
    }

    @Test
    void whatAPersonAsksForDoesNotWaitForThoseOfClients() {
        ActionQueue queue = queue();
        hang(queue, Envelope.EMPTY, Promise.<Navigated>promise().future());
        Future<SessionReply> waiting = queue.submit(new BrowserAction.ActivatePage("page", TIMEOUT), Envelope.EMPTY);
        queue.submit(new BrowserAction.ActivatePage("page", TIMEOUT), person("page"));
        queue.submit(new PageAction.GoBack(WaitUntil.LOAD, TIMEOUT), person("page"));
        assertThat(log).extracting(ActionEntry::source).containsExactly(ActionSource.LIVE, ActionSource.LIVE);
        assertThat(waiting.isComplete()).isFalse();
    }

    @Test
    void whatPeopleAskOfOnePageIsDoneOneAfterAnother() {
        ActionQueue queue = queue();
        Promise<Navigated> navigated = Promise.promise();
        hang(queue, person("page"), navigated.future());
        Future<SessionReply> back = queue.submit(new PageAction.GoBack(WaitUntil.LOAD, TIMEOUT), person("page"));
        Future<SessionReply> other = queue.submit(new PageAction.GoBack(WaitUntil.LOAD, TIMEOUT), person("other"));
        Future<SessionReply> close = queue.submit(new BrowserAction.ClosePage("page", TIMEOUT), person("page"));
        assertThat(List.of(back.isComplete(), other.isComplete(), close.isComplete()))
                .containsExactly(false, true, true);
        navigated.fail("it was closed");
        assertThat(back.isComplete()).isTrue();
    }

    @Test
    void theEndFailsWhatRunsAndWhatWaitsInEachLane() {
        ActionQueue queue = queue();
        Future<Navigated> never = Promise.<Navigated>promise().future();
        List<Future<SessionReply>> open = List.of(
                hang(queue, Envelope.EMPTY, never),
                hang(queue, Envelope.EMPTY, never),
                hang(queue, person("page"), never),
                hang(queue, person("page"), never));
        BerthException over = new BerthException(ErrorCode.SESSION_ENDED, "it is over");
        assertThat(queue.close(over).isComplete()).isTrue();
        assertThat(open).allSatisfy(reply -> assertThat(reply.cause()).isSameAs(over));
        assertThat(log).hasSize(2);
    }

    private static Envelope call(String name) {
        return new Envelope(
                OptionalLong.empty(),
                ActionSource.MCP,
                Cost.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.of(name));
    }

    @Test
    void aCancelledActionFreesTheQueueAndThePage() {
        FakeBrowser browser = new FakeBrowser();
        browser.hands.answer(command -> Promise.promise().future());
        ActionQueue queue = new ActionQueue(
                new ActionRunner(browser, new HandScheduler(), null, new SessionFiles(null, null, null), null),
                action -> {
                    log.add(action);
                    return Future.succeededFuture();
                });
        List<Future<SessionReply>> asked = Stream.of("a", "b", "a", "c")
                .map(name -> queue.submit(new PageAction.GoBack(WaitUntil.LOAD, TIMEOUT), call(name)))
                .toList();
        queue.cancel("a");
        queue.cancel("none");
        assertThat(asked).extracting(Future::isComplete).containsExactly(true, false, true, false);
        assertThat(asked.get(0).cause()).hasMessageContaining("cancelled");
        PageAction.GoBack goBack = new PageAction.GoBack(WaitUntil.LOAD, TIMEOUT);
        assertThat(browser.hands.commands()).containsExactly(goBack, "abandon", goBack);
        assertThat(log)
                .singleElement()
                .satisfies(entry ->
                        assertThat(entry.error()).contains(asked.get(0).cause().getMessage()));
    }

    @Test
    void anEntryThatCannotBeMadeOrWrittenDoesNotStopTheQueue() {
        ActionQueue queue = new ActionQueue(
                new ActionRunner(broken(), new HandScheduler(), null, new SessionFiles(null, null, null), null),
                action -> {
                    throw new IllegalStateException("no log");
                });
        Action<?> action = everyAction().get(0);
        assertThat(queue.submit(action, Envelope.EMPTY).failed()).isTrue();
        assertThat(queue.submit(action, Envelope.EMPTY).failed()).isTrue();
    }

    @Test
    void anEntryHasItsSourceAndCost() {
        Cost cost = new Cost(0.5, 7, 8);
        queue().submit(everyAction().get(0), new Envelope(OptionalLong.empty(), ActionSource.AI, cost));
        assertThat(log).singleElement().satisfies(entry -> {
            assertThat(entry.source()).isEqualTo(ActionSource.AI);
            assertThat(entry.cost()).isEqualTo(cost);
        });
    }
}
