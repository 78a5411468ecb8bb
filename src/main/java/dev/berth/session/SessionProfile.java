package dev.berth.session;

import dev.berth.browser.Browser;
import dev.berth.browser.SavedProfile;
import dev.berth.loop.LoopPromise;
import dev.berth.profile.ProfileStore;
import dev.berth.profile.ProfileStore.ProfileDraft;
import dev.berth.profile.ProfileStore.StoredProfile;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ProfileUse;
import dev.berth.protocol.ProfileUse.ProfileOutcome;
import dev.berth.protocol.SessionId;
import dev.berth.session.machine.SessionInput;
import dev.berth.session.machine.SessionInput.ProfileChanged;
import dev.berth.session.machine.SessionSpec;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The profile of a session: what its browser begins with, and what is written at its end. Runs on the session's context. */
final class SessionProfile {
    private static final Logger log = LoggerFactory.getLogger(SessionProfile.class);

    private final Context context;
    private final SessionId id;
    private final long userId;
    private final Optional<ProfileUse> use;
    private final ProfileStore store;
    private final Consumer<SessionInput> machine;
    private Optional<ProfileOutcome> outcome;
    /** Empty again where it was given up. */
    private Optional<ProfileDraft> draft = Optional.empty();

    private Optional<SavedProfile.Contents> written = Optional.empty();

    SessionProfile(Context context, SessionSpec spec, ProfileStore store, Consumer<SessionInput> machine) {
        this.context = context;
        this.id = spec.id();
        this.userId = spec.userId();
        this.use = spec.options().profile();
        this.store = store;
        this.machine = machine;
        this.outcome = use.map(ProfileOutcome::of);
    }

    /**
     * Empty where the session has none, or one that does not exist yet. Fails with a reason for the user.
     *
     * @param abort completes on the session's context if the profile is no longer wanted: then this fails at once
     */
    Future<Optional<StoredProfile>> load(Future<Void> abort) {
        if (use.isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        Promise<Optional<StoredProfile>> loaded = Promise.promise();
        abort.onSuccess(now -> loaded.tryFail("its profile is no longer wanted"));
        LoopPromise.on(context, store.load(userId, use.get()))
                .onSuccess(found -> {
                    if (abort.succeeded()) {
                        found.ifPresent(StoredProfile::discard);
                        return;
                    }
                    found.ifPresent(stored -> tell(outcome().beganWith(stored.version())));
                    loaded.tryComplete(found);
                })
                .onFailure(e -> loaded.tryFail("its profile could not be loaded: " + reason(e, "loaded")));
        return loaded.future();
    }

    private ProfileOutcome outcome() {
        return outcome.orElseThrow();
    }

    private void tell(ProfileOutcome now) {
        outcome = Optional.of(now);
        machine.accept(new ProfileChanged(now));
    }

    /** Ends the browser in order, and writes what it kept. Never fails: what fails is the session's to tell. */
    Future<Void> save(Browser browser) {
        ProfileDraft begun = store.draft(id, userId, outcome().name());
        draft = Optional.of(begun);
        return LoopPromise.on(context, Future.succeededFuture().compose(now -> browser.saveProfile(begun)))
                .onSuccess(contents -> written = Optional.of(contents))
                // The save may come too late: the draft is gone then.
                .compose(contents -> draft.isPresent() ? Future.<Void>succeededFuture() : begun.discard())
                .recover(e -> begun.discard().transform(gone -> failed(e)));
    }

    /** Makes what was written the newest version. Never fails. */
    Future<Void> keep() {
        return written.flatMap(contents -> draft.map(last -> last.commit(contents)))
                .map(kept -> LoopPromise.on(context, kept)
                        .onSuccess(version -> tell(new ProfileOutcome(
                                outcome().name(), outcome().version(), Optional.of(version), Optional.empty())))
                        .<Void>mapEmpty()
                        .recover(this::failed))
                .orElse(Future.succeededFuture());
    }

    /** Fails the save. The reason of a save that was given up stays. */
    private Future<Void> failed(Throwable e) {
        log.warn("{} could not save its profile: {}", id, e.toString());
        if (draft.isPresent()) {
            tell(outcome().notSaved(reason(e, "saved")));
        }
        return Future.succeededFuture();
    }

    /** Gives up a save that takes too long: the session ends without it. */
    void giveUp(String why) {
        draft.ifPresent(ProfileDraft::discard);
        draft = Optional.empty();
        tell(outcome().notSaved("it " + why));
    }

    /** The reason of a failure, as clients are told it. Messages of unknown exceptions may name paths of this machine. */
    private String reason(Throwable e, String done) {
        boolean known = e instanceof BerthException || e instanceof IOException && !(e instanceof FileSystemException);
        if (!known) {
            log.warn("{} could not have its profile {}", id, done, e);
        }
        return known ? e.getMessage() : "the server's log says why";
    }
}
