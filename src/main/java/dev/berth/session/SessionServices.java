package dev.berth.session;

import dev.berth.artifact.ObjectStore;
import dev.berth.browser.BrowserLauncher;
import dev.berth.browser.Screens;
import dev.berth.clock.Scheduler;
import dev.berth.config.ServerConfig;
import dev.berth.history.SessionHistory;
import dev.berth.logs.LogShipper;
import dev.berth.metrics.NodeMetrics;
import dev.berth.recording.Recorders;
import dev.berth.session.record.PointerDrawing;
import dev.berth.session.record.RecordingFolders;

/**
 * The collaborators of sessions: built once, shared by all.
 *
 * @param screens where the browsers of running sessions are found by those who show them
 * @param bodies what is redacted in what requests send and receive
 * @param queue the sessions that wait for a place
 * @param otherNodes for new sessions
 * @param lease whether the node still is the one that sessions are recorded with
 * @param maxKeptBytes limit for the files that each session may leave, and for its logs
 */
public record SessionServices(
        Scheduler scheduler,
        String machineId,
        ServerConfig.Sessions config,
        long maxKeptBytes,
        BrowserLauncher launcher,
        Screens screens,
        ObjectStore store,
        Recorders recorders,
        RecordingFolders folders,
        PointerDrawing drawing,
        SessionHistory.Sessions sessions,
        SessionHistory.Lost lost,
        SessionHistory.Queue queue,
        SessionHistory.Navigations navigations,
        SessionHistory.Actions actions,
        SessionHistory.Artifacts artifacts,
        LogShipper logs,
        SessionHistory.Unfinished unfinished,
        ServerConfig.Bodies bodies,
        NodeLease lease,
        OtherNodes otherNodes,
        NodeMetrics metrics) {}
