package dev.berth.session;

import dev.berth.loop.Scheduler;
import dev.berth.session.machine.SessionEffect.CancelAllTimers;
import dev.berth.session.machine.SessionEffect.CancelTimer;
import dev.berth.session.machine.SessionEffect.SetAlarm;
import dev.berth.session.machine.SessionEffect.SetTimer;
import dev.berth.session.machine.SessionEffect.TimerEffect;
import dev.berth.session.machine.SessionTimer;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** The timers that a session's machine has set. Runs on the session's context. */
final class SessionTimers {
    private final Scheduler scheduler;
    private final Consumer<SessionTimer> onFired;
    private final Map<SessionTimer, Scheduler.Timer> timers = new EnumMap<>(SessionTimer.class);

    SessionTimers(Scheduler scheduler, Consumer<SessionTimer> onFired) {
        this.scheduler = scheduler;
        this.onFired = onFired;
    }

    void perform(TimerEffect effect) {
        if (effect instanceof SetTimer set) {
            replace(set.timer(), action -> scheduler.after(set.millis(), action));
        } else if (effect instanceof SetAlarm set) {
            replace(set.timer(), action -> scheduler.at(set.at(), action));
        } else if (effect instanceof CancelTimer cancel) {
            cancel(cancel.timer());
        } else if (effect instanceof CancelAllTimers) {
            timers.values().forEach(Scheduler.Timer::cancel);
            timers.clear();
        }
    }

    private void replace(SessionTimer timer, Function<Runnable, Scheduler.Timer> setting) {
        cancel(timer);
        Scheduler.Timer next = setting.apply(() -> {
            timers.remove(timer);
            onFired.accept(timer);
        });
        timers.put(timer, next);
    }

    private void cancel(SessionTimer timer) {
        Scheduler.Timer before = timers.remove(timer);
        if (before != null) {
            before.cancel();
        }
    }
}
