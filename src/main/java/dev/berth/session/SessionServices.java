package dev.berth.session;

import dev.berth.artifact.ArtifactStore;
import dev.berth.artifact.LogReader;
import dev.berth.browser.BrowserLauncher;
import dev.berth.config.ServerConfig;
import dev.berth.history.ActionRepository;
import dev.berth.history.ArtifactRepository;
import dev.berth.history.LogChunkRepository;
import dev.berth.history.LostSessions;
import dev.berth.history.NavigationRepository;
import dev.berth.history.ReplacedObjects;
import dev.berth.history.SessionRepository;

/**
 * What sessions are made with: built once, shared by all.
 *
 * @param maxKeptBytes of files that each may leave, and of logs
 */
public record SessionServices(
        String machineId,
        ServerConfig.Sessions config,
        long maxKeptBytes,
        BrowserLauncher launcher,
        ArtifactStore store,
        SessionRepository sessions,
        LostSessions lost,
        NavigationRepository navigations,
        ActionRepository actions,
        ArtifactRepository artifacts,
        LogChunkRepository logChunks,
        LogReader logs,
        ReplacedObjects replaced) {}
