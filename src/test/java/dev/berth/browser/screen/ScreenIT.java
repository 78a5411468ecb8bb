package dev.berth.browser.screen;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.Pointer;
import dev.berth.browser.ScreenState;
import dev.berth.browser.Screencast.Watching;
import dev.berth.browser.launch.LaunchedChrome;
import dev.berth.fake.FakeListener;
import dev.berth.fake.Futures;
import dev.berth.protocol.ArtifactEntry.UploadedFile;
import dev.berth.protocol.LiveCommand;
import dev.berth.protocol.LiveCommand.AnswerDialog;
import dev.berth.protocol.LiveCommand.Button;
import dev.berth.protocol.LiveCommand.ChooseFiles;
import dev.berth.protocol.LiveCommand.ChooseOptions;
import dev.berth.protocol.LiveCommand.Copy;
import dev.berth.protocol.LiveCommand.Key;
import dev.berth.protocol.LiveCommand.KeyAction;
import dev.berth.protocol.LiveCommand.Mouse;
import dev.berth.protocol.LiveCommand.MouseAction;
import dev.berth.protocol.LiveCommand.Paste;
import dev.berth.protocol.LiveCommand.Text;
import dev.berth.protocol.LiveCommand.Touch;
import dev.berth.protocol.LiveCommand.TouchAction;
import dev.berth.protocol.LiveCommand.TouchPoint;
import dev.berth.protocol.LiveCommand.Wheel;
import dev.berth.protocol.ProtocolSamples;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people do reaches a real page as if it came from a mouse and a keyboard, and what no picture shows is told. */
class ScreenIT {
    private static final long MAX_SECONDS = 20;
    private static final String FORM = """
            data:text/html,<style>body{margin:0} body>*{position:absolute;left:0;width:200px;height:40px;box-sizing:border-box}</style>
            <input id=name style='top:0'>
            <input id=pass type=password style='top:50px'>
            <select id=list style='top:100px'><optgroup label=G><option>one<option disabled>two</optgroup><option>three</select>
            <input id=file type=file multiple accept='.txt,image/*' style='top:150px'>
            <button id=ask style='top:200px;cursor:pointer' onclick='answer=prompt("Name%3F","me")'>ask</button>
            <input id=day type=date min=2026-01-01 value=2026-11-29 style='top:250px'>
            <input id=colour type=color value=%23ff0000 style='top:300px'>
            <div style='top:3000px'>end</div>
            <script>
            let answer, seen = [];
            for (const type of ['mousedown','mouseup','click','dblclick','wheel','keydown','paste','touchstart','touchend','change'])
              addEventListener(type, e => seen.push([type, e.target.id, e.isTrusted, e.key ?? e.button ?? e.deltaY ?? '',
                (e.shiftKey ? 'S' : '') + (e.ctrlKey ? 'C' : '')].join(':')), true);
            </script>""".replace("\n", "");

    private static Vertx vertx;
    private static LaunchedChrome chrome;

    private final BlockingQueue<ScreenState> states = new LinkedBlockingQueue<>();
    private final List<Watching> watching = new ArrayList<>();
    private String page;

    @BeforeAll
    static void launch() throws Exception {
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        chrome = new LaunchedChrome(vertx, new FakeListener());
    }

    @AfterAll
    static void end() throws Exception {
        chrome.close();
        vertx.close();
    }

    @BeforeEach
    void open() throws Exception {
        chrome.open(FORM);
        page = chrome.on(() -> chrome.browser().pages().active()).orElseThrow();
    }

    @AfterEach
    void leave() throws Exception {
        for (Watching watch : watching) {
            chrome.on(() -> {
                watch.close();
                return null;
            });
        }
    }

    @Test
    void theMouseClicksAndTurnsItsWheel() throws Exception {
        click(100, 20, 1);
        click(100, 20, 2);
        await(act(new Wheel(page, 300, 300, 0, 120, 0)));
        assertThat(chrome.evaluate("seen.slice(0, 7).join()"))
                .isEqualTo("\"mousedown:name:true:0:,mouseup:name:true:0:,click:name:true:0:,"
                        + "mousedown:name:true:0:,mouseup:name:true:0:,click:name:true:0:,dblclick:name:true:0:\"");
        assertThat(chrome.evaluate("new Promise(done => (function look() {"
                        + "scrollY > 0 ? done('scrolled') : requestAnimationFrame(look) })())"))
                .isEqualTo("\"scrolled\"");
    }

    @Test
    void keysTypeWithModifiersToo() throws Exception {
        click(100, 20, 1);
        press("a", "a", 65, 0);
        press("A", "A", 65, 8);
        press("Backspace", "", 8, 0);
        press("a", "", 65, 2);
        press("b", "b", 66, 0);
        assertThat(chrome.evaluate("document.getElementById('name').value")).isEqualTo("\"b\"");
        assertThat(chrome.evaluate("seen.filter(s => s.startsWith('key')).join()"))
                .isEqualTo("\"keydown:name:true:a:,keydown:name:true:A:S,keydown:name:true:Backspace:,"
                        + "keydown:name:true:a:C,keydown:name:true:b:\"");
    }

    @Test
    void aPasswordIsTypedAndPastedAndNotCopied() throws Exception {
        click(100, 70, 1);
        press("x", "x", 88, 0);
        await(act(new Text(page, "yz")));
        await(act(new Paste(page, "!")));
        assertThat(chrome.evaluate("pass.value")).isEqualTo("\"xyz!\"");
        chrome.evaluate("pass.select()");
        assertThat(await(chrome.on(() -> chrome.browser().screen().copy(new Copy(page)))))
                .isEmpty();
    }

    @Test
    void textIsPastedAndCopied() throws Exception {
        click(100, 20, 1);
        await(act(new Paste(page, "grüße ")));
        await(act(new Text(page, "日本")));
        assertThat(chrome.evaluate("document.getElementById('name').value === 'grüße 日本'"))
                .isEqualTo("true");
        assertThat(chrome.evaluate("seen.filter(s => s.startsWith('paste')).length"))
                .isEqualTo("1");
        chrome.evaluate("document.getElementById('name').select()");
        assertThat(await(chrome.on(() -> chrome.browser().screen().copy(new Copy(page)))))
                .isEqualTo("grüße 日本");
    }

    @Test
    void fingersTouch() throws Exception {
        await(act(new Touch(page, TouchAction.START, List.of(new TouchPoint(1, 100, 20)), 0)));
        await(act(new Touch(page, TouchAction.END, List.of(), 0)));
        assertThat(chrome.evaluate(
                        "new Promise(done => (function look() { const touched = seen.map(s => s.split(':')[0]);"
                                + "touched.includes('click') ? done(touched.join()) : setTimeout(look, 5) })())"))
                .startsWith("\"touchstart,touchend,mousedown");
    }

    @Test
    void aListOfOptionsIsTold() throws Exception {
        watch(true);
        click(100, 120, 1);
        ScreenState.Select list =
                next(state -> !state.selects().isEmpty()).selects().get(0);
        assertThat(list.options())
                .containsExactly(
                        new ScreenState.Option("one", false, Optional.of("G")),
                        new ScreenState.Option("two", true, Optional.of("G")),
                        new ScreenState.Option("three", false, Optional.empty()));
        assertThat(list.selected()).containsExactly(0);
        assertThat(list.place()).isEqualTo(new ScreenState.Rectangle(0, 100, 200, 40));
        await(act(new ChooseOptions(page, list.selectId(), List.of(2), Optional.empty())));
        next(state -> state.selects().isEmpty());
        assertThat(chrome.evaluate("list.value + seen.filter(s => s.startsWith('change')).length"))
                .isEqualTo("\"three1\"");
    }

    @Test
    void aFingerOpensAListWhereItTapsAndNotWhereItMoves() throws Exception {
        watch(true);
        touch(TouchAction.START, new TouchPoint(1, 100, 120));
        touch(TouchAction.MOVE, new TouchPoint(1, 100, 170));
        touch(TouchAction.END);
        touch(TouchAction.START, new TouchPoint(1, 100, 270));
        touch(TouchAction.END);
        ScreenState.Select first =
                next(state -> !state.selects().isEmpty()).selects().get(0);
        assertThat(first.field()).isPresent();
        touch(TouchAction.START, new TouchPoint(1, 100, 120));
        touch(TouchAction.END);
        next(state -> state.selects().stream().anyMatch(list -> list.options().size() == 3));
    }

    private void touch(TouchAction action, TouchPoint... points) throws Exception {
        await(act(new Touch(page, action, List.of(points), 0)));
    }

    @Test
    void aPickerIsTold() throws Exception {
        watch(true);
        click(190, 270, 1);
        ScreenState.Select picker =
                next(state -> !state.selects().isEmpty()).selects().get(0);
        assertThat(picker.field()).contains(new ScreenState.Field("date", "2026-11-29", "2026-01-01", "", ""));
        await(act(new ChooseOptions(page, picker.selectId(), List.of(), Optional.of("2027-02-03"))));
        next(state -> state.selects().isEmpty());
        assertThat(chrome.evaluate("day.value + seen.filter(s => s.startsWith('change')).length"))
                .isEqualTo("\"2027-02-031\"");
        click(100, 320, 1);
        ScreenState.Select colours =
                next(state -> !state.selects().isEmpty()).selects().get(0);
        await(act(new ChooseOptions(page, colours.selectId(), List.of(), Optional.of("#00ff00"))));
        assertThat(chrome.evaluate("colour.value")).isEqualTo("\"#00ff00\"");
    }

    @Test
    void aDialogWaitsForPeople() throws Exception {
        watch(true);
        click(100, 220, 1);
        ScreenState.Dialog dialog =
                next(state -> !state.dialogs().isEmpty()).dialogs().get(0);
        assertThat(dialog).isEqualTo(new ScreenState.Dialog(page, "prompt", "Name?", "me"));
        await(act(new AnswerDialog(page, true, Optional.of("you"))));
        next(state -> state.dialogs().isEmpty());
        assertThat(chrome.evaluate("answer")).isEqualTo("\"you\"");
    }

    @Test
    void aDialogThatAVerbOpensWaitsForNobody() throws Exception {
        watch(true);
        assertThat(chrome.evaluate("prompt('now')")).isEqualTo("null");
    }

    @Test
    void aDialogThatWaitsIsAnsweredWhenTheLastPersonLeaves() throws Exception {
        watch(true);
        chrome.evaluate("void setTimeout(() => { answer = String(prompt('late')) }, 50)");
        next(state -> !state.dialogs().isEmpty());
        watching.forEach(watch -> chrome.context().runOnContext(now -> watch.close()));
        assertThat(chrome.evaluate("answer")).isEqualTo("\"null\"");
    }

    @Test
    void aChooserOfFilesIsTold() throws Exception {
        watch(true);
        click(30, 170, 1);
        ScreenState.Chooser chooser =
                next(state -> !state.choosers().isEmpty()).choosers().get(0);
        assertThat(chooser.multiple()).isTrue();
        assertThat(chooser.accept()).isEqualTo(".txt,image/*");
        List<UploadedFile> files = List.of(
                new UploadedFile("one.txt", ProtocolSamples.ARTIFACT),
                new UploadedFile("two.txt", ProtocolSamples.ARTIFACT));
        ChooseFiles command = new ChooseFiles(page, chooser.chooserId(), files);
        List<Buffer> contents = List.of(Buffer.buffer("1"), Buffer.buffer("22"));
        await(Futures.on(chrome.context(), () -> chrome.browser().screen().chooseFiles(command, contents))
                .compose(done -> done));
        next(state -> state.choosers().isEmpty());
        assertThat(chrome.evaluate("[...file.files].map(f => f.name + f.size).join()"))
                .isEqualTo("\"one.txt1,two.txt2\"");
    }

    @Test
    void thePointerIsTold() throws Exception {
        watch(true);
        await(act(new Mouse(page, MouseAction.MOVE, 100, 220, Button.NONE, 0, 0, 0)));
        next(state -> state.cursor().equals("pointer"));
        await(act(new Mouse(page, MouseAction.MOVE, 100, 20, Button.NONE, 0, 0, 0)));
        next(state -> state.cursor().equals("text"));
    }

    /** To those who draw it into recordings, as nothing of Chrome's does. */
    @Test
    void whereTheMouseIsIsTold() throws Exception {
        BlockingQueue<Pointer.Moved> moves = new LinkedBlockingQueue<>();
        watching.add(chrome.browser().pointer().watch(moves::add));
        await(act(new Mouse(page, MouseAction.MOVE, 10, 20, Button.NONE, 0, 0, 0)));
        click(30, 40, 1);
        await(act(new Wheel(page, 50, 60, 0, 1, 0)));
        for (Pointer.Moved move : List.of(
                new Pointer.Moved(page, 10, 20, false),
                new Pointer.Moved(page, 30, 40, true),
                new Pointer.Moved(page, 30, 40, false),
                new Pointer.Moved(page, 50, 60, false))) {
            assertThat(moves.poll(MAX_SECONDS, TimeUnit.SECONDS)).isEqualTo(move);
        }
    }

    @Test
    void pagesAreToldAsTheyComeAndGo() throws Exception {
        watch(false);
        next(state -> state.pages().size() == 1 && state.pages().get(0).active());
        chrome.evaluate("void open('about:blank')");
        next(state -> state.pages().size() == 2 && state.pages().get(1).active());
        chrome.closePage();
        next(state -> state.pages().size() == 1);
    }

    private void watch(boolean interactive) throws Exception {
        watching.add(chrome.on(() -> chrome.browser().screen().watch(interactive, states::add)));
    }

    private ScreenState next(Predicate<ScreenState> wanted) throws InterruptedException {
        while (true) {
            ScreenState state = states.poll(MAX_SECONDS, TimeUnit.SECONDS);
            assertThat(state).as("a state of the screen").isNotNull();
            if (wanted.test(state)) {
                return state;
            }
        }
    }

    /** On the browser's context, and not as the test's thread. */
    private Future<Void> act(LiveCommand<?> command) {
        return Futures.on(chrome.context(), () -> chrome.browser().screen().act(command))
                .compose(done -> done);
    }

    private void click(double x, double y, int count) throws Exception {
        await(act(new Mouse(page, MouseAction.DOWN, x, y, Button.LEFT, 1, count, 0)));
        await(act(new Mouse(page, MouseAction.UP, x, y, Button.LEFT, 0, count, 0)));
    }

    private void press(String key, String text, int keyCode, int modifiers) throws Exception {
        String code = key.length() == 1 ? "Key" + key.toUpperCase() : key;
        await(act(new Key(page, KeyAction.DOWN, key, code, text, keyCode, 0, false, modifiers)));
        await(act(new Key(page, KeyAction.UP, key, code, "", keyCode, 0, false, modifiers)));
    }
}
