package dev.berth.verbs;

import dev.berth.protocol.BrowserAction.ActivatePage;
import dev.berth.protocol.BrowserAction.AddRoute;
import dev.berth.protocol.BrowserAction.AnswerDialogs;
import dev.berth.protocol.BrowserAction.ClosePage;
import dev.berth.protocol.BrowserAction.Emulate;
import dev.berth.protocol.BrowserAction.OpenPage;
import dev.berth.protocol.BrowserAction.ReadCookies;
import dev.berth.protocol.BrowserAction.ReadStorageState;
import dev.berth.protocol.BrowserAction.RemoveRoute;
import dev.berth.protocol.BrowserAction.SetCookies;
import dev.berth.protocol.BrowserAction.SetStorageState;
import dev.berth.protocol.ColorScheme;
import dev.berth.protocol.Geolocation;
import dev.berth.protocol.NetworkCondition;
import dev.berth.protocol.Permission;
import dev.berth.protocol.RecordingAction.KeepRecording;
import dev.berth.protocol.RecordingAction.StartRecording;
import dev.berth.protocol.RecordingAction.StopRecording;
import dev.berth.protocol.Viewport;
import java.util.List;

/** What can be done to a browser: its stored data, what its pages find it to be, its requests, its pages as tabs, its recordings. */
final class BrowserVerbs {
    static final List<Verb<?, ?>> ALL = List.of(
            new Verb<>(
                    "cookies", ReadCookies.class, in -> new ReadCookies(in.timeoutMillis()), StorageResult.Cookies::of),
            new Verb<>(
                    "set-cookies",
                    SetCookies.class,
                    in -> new SetCookies(in.objects("cookies", StorageArguments::cookie), in.timeoutMillis()),
                    StorageResult.Cookies::of),
            new Verb<>(
                    "storage-state",
                    ReadStorageState.class,
                    in -> new ReadStorageState(in.flag("indexedDB", false), in.timeoutMillis()),
                    StorageResult.StoredState::of),
            new Verb<>(
                            "set-storage-state",
                            SetStorageState.class,
                            in -> new SetStorageState(StorageArguments.state(in), in.timeoutMillis()),
                            StorageResult.StateSet::of)
                    .withLargeBody(),
            new Verb<>(
                    "dialogs",
                    AnswerDialogs.class,
                    in -> new AnswerDialogs(in.flag("accept"), in.optionalText("promptText"), in.timeoutMillis()),
                    done -> new VerbResult.Noted(true)),
            new Verb<>(
                    "emulate",
                    Emulate.class,
                    in -> new Emulate(
                            in.flag("reset", false),
                            in.optionalObject("viewport", "an object with width and height", BrowserVerbs::viewport),
                            in.optionalNumber("deviceScaleFactor"),
                            in.optionalFlag("mobile"),
                            in.optionalText("userAgent"),
                            in.optionalText("locale"),
                            in.optionalText("timezone"),
                            in.optionalChoice("colorScheme", ColorScheme.class, ColorScheme::wireName),
                            in.optionalChoice("network", NetworkCondition.class, NetworkCondition::wireName),
                            in.optionalInteger("cpuSlowdown"),
                            in.timeoutMillis(),
                            in.optionalText("device"),
                            in.optionalObject(
                                    "geolocation", "an object with latitude and longitude", BrowserVerbs::geolocation),
                            in.optionalChoices("permissions", Permission.class, Permission::wireName)),
                    done -> new VerbResult.Emulated(true, done.now())),
            new Verb<>("add-route", AddRoute.class, RouteArguments::read, VerbResult.Routed::of),
            new Verb<>(
                    "remove-route",
                    RemoveRoute.class,
                    in -> new RemoveRoute(in.text("routeId"), in.timeoutMillis()),
                    done -> new VerbResult.Noted(true)),
            new Verb<>(
                    "open-page",
                    OpenPage.class,
                    in -> new OpenPage(in.optionalText("url"), PageVerbs.waitUntil(in), in.timeoutMillis()),
                    VerbResult.Page::of),
            new Verb<>(
                    "activate-page",
                    ActivatePage.class,
                    in -> new ActivatePage(in.text("pageId"), in.timeoutMillis()),
                    VerbResult.Page::of),
            new Verb<>(
                    "close-page",
                    ClosePage.class,
                    in -> new ClosePage(in.text("pageId"), in.timeoutMillis()),
                    VerbResult.Closed::of),
            new Verb<>("start-recording", StartRecording.class, in -> new StartRecording(), VerbResult.Recorded::of),
            new Verb<>("stop-recording", StopRecording.class, in -> new StopRecording(), VerbResult.Recorded::of),
            new Verb<>("keep-recording", KeepRecording.class, in -> new KeepRecording(), VerbResult.Recorded::of));

    private BrowserVerbs() {}

    private static Geolocation geolocation(Arguments in) {
        return new Geolocation(in.number("latitude"), in.number("longitude"), in.number("accuracy", 0));
    }

    private static Viewport viewport(Arguments in) {
        return new Viewport(in.integer("width", 1, Viewport.MAX), in.integer("height", 1, Viewport.MAX));
    }
}
