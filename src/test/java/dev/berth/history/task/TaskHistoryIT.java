package dev.berth.history.task;

import static dev.berth.history.OwnDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.fake.SampleTask;
import dev.berth.history.NodeEpoch;
import dev.berth.history.OwnDatabase;
import dev.berth.history.node.LostNodes;
import dev.berth.history.node.NodeRepository;
import dev.berth.history.task.TaskStory.Entry;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.Cost;
import dev.berth.protocol.ExecuteTask;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskSpec;
import dev.berth.protocol.TaskSpec.TaskLimits;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.TaskView.TaskStatus;
import dev.berth.protocol.TaskView.TaskStep;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskHistoryIT {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final long USER = 1;

    @TempDir
    static Path dataDir;

    private static OwnDatabase postgres;

    private final TaskRepository tasks = new TaskRepository(postgres.database, postgres.outbox, NodeEpoch.NONE);
    private final TaskStory story = new TaskStory(postgres.database, postgres.outbox);

    @BeforeAll
    static void start() throws Exception {
        postgres = new OwnDatabase(dataDir);
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    private static TaskView view(TaskId id, TaskStatus status) {
        return new TaskView(
                id,
                SessionId.random(),
                USER,
                "x",
                status,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Cost.NONE,
                NOW,
                status.ended() ? Optional.of(NOW) : Optional.empty());
    }

    private TaskId started(String machine) throws Exception {
        TaskId id = TaskId.random();
        await(start(tasks, id, machine));
        return id;
    }

    private static Future<TaskView> start(TaskRepository by, TaskId id, String machine) {
        ExecuteTask request = new ExecuteTask(id, USER, SampleTask.SPEC, Optional.empty(), SampleTask.OPTIONS);
        return by.started(request, view(id, TaskStatus.STARTING), machine);
    }

    private static TaskStep step(int number) {
        return new TaskStep(
                number,
                NOW,
                "click",
                Map.of("text", "a\0b"),
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                1,
                new Cost(0.5, 1, 2));
    }

    private List<Entry> told(TaskId id) throws Exception {
        return await(story.read(id, 0, 100));
    }

    @Test
    void theFirstThatIsToldHasTheLimits() throws Exception {
        TaskId id = started("limits");
        await(tasks.changed(view(id, TaskStatus.RUNNING)));
        assertThat(told(id).get(0).told().getJsonObject("limits").getInteger("maxSteps"))
                .isEqualTo(SampleTask.SPEC.limits().maxSteps());
        assertThat(told(id).get(1).told().containsKey("limits")).isFalse();
    }

    /** It would be nobody's: who declared the node lost has ended its tasks. */
    @Test
    void aNodeThatWasDeclaredLostClaimsNone() throws Exception {
        NodeRepository node = new NodeRepository(postgres.database, "dlost");
        NodeEpoch epoch = new NodeEpoch();
        epoch.registered(await(node.register(
                        new NodeRepository.Applicant("here", "127.0.0.1", 7_802, 7_800, "1.0"), Optional.empty()))
                .orElseThrow());
        TaskRepository ofNode = new TaskRepository(postgres.database, postgres.outbox, epoch);
        TaskId id = TaskId.random();
        assertThat(await(start(ofNode, id, "dlost")).taskId()).isEqualTo(id);
        await(new LostNodes(postgres.database, 1).declare(await(node.find()).orElseThrow()));
        assertThatThrownBy(() -> await(start(ofNode, TaskId.random(), "dlost")))
                .hasRootCauseInstanceOf(BerthException.class)
                .hasMessageContaining("declared lost");
    }

    @Test
    void whatIsToldTwiceIsKeptOnce() throws Exception {
        TaskId id = started("twice");
        for (int i = 0; i < 2; i++) {
            await(tasks.changed(view(id, TaskStatus.RUNNING)));
            await(tasks.step(id, step(1)));
        }
        await(tasks.step(id, step(2)));
        assertThat(told(id)).extracting(Entry::number).containsExactly(1L, 2L, 3L, 4L);
        TaskView task = await(tasks.find(id, USER)).orElseThrow();
        assertThat(task.steps()).isEqualTo(2);
        assertThat(task.cost()).isEqualTo(new Cost(1, 2, 4));
        assertThat(await(tasks.find(id, USER + 1))).isEmpty();
    }

    private static LostTasks lost(String machineId) {
        return new LostTasks(postgres.database, postgres.outbox, machineId, NodeEpoch.NONE);
    }

    @Test
    void tasksOfALostNodeFailOnceAndStaySo() throws Exception {
        TaskId lost = started("lost");
        TaskId other = started("alive");
        await(tasks.step(lost, step(1)));
        assertThat(await(lost("lost").failAll(Instant.now()))).hasSize(1);
        assertThat(await(lost("lost").failAll(Instant.now()))).isEmpty();
        // What the lost node said may arrive late.
        await(tasks.changed(view(lost, TaskStatus.COMPLETED)));
        await(tasks.step(lost, step(2)));
        TaskView task = await(tasks.find(lost, USER)).orElseThrow();
        assertThat(task.status()).isEqualTo(TaskStatus.FAILED);
        assertThat(task.error()).hasValueSatisfying(why -> assertThat(why).contains("node", "lost"));
        assertThat(told(lost))
                .hasSize(3)
                .last()
                .satisfies(entry -> assertThat(entry.isLast()).isTrue());
        assertThat(await(story.last(lost))).contains(3L);
        assertThat(await(story.last(other))).isEmpty();
    }

    @Test
    void tasksThatTheirNodeDoesNotRunFail() throws Exception {
        TaskId runs = started("node");
        TaskId forgotten = started("node");
        Instant at = Instant.now();
        assertThat(await(lost("node").correct(at, List.of(runs)))).isEqualTo(1);
        assertThat(await(tasks.find(runs, USER)).orElseThrow().status().ended()).isFalse();
        TaskView failed = await(tasks.find(forgotten, USER)).orElseThrow();
        assertThat(failed.status()).isEqualTo(TaskStatus.FAILED);
        assertThat(failed.error()).contains("its node does not run it");
        // One that begins only now is not meant.
        assertThat(await(lost("node").correct(NOW, List.of()))).isZero();
    }

    private static final String MANY = """
            insert into users (user_id, name) overriding system value values (77, 'many');
            """;
    private static final String ROWS = """
            insert into tasks (task_id, user_id, session_id, machine_id, instruction, status, started_at, completed_at, last_event)
            select 'task_00000000-0000-0000-0000-' || lpad(n::text, 12, '0'), 77, $1, 'm', 'x', 'failed',
                now() - n * interval '1 second', now(), 1 from generate_series(1, 10100) n
            """;

    @Test
    void aLongListIsNotCountedToItsEnd() throws Exception {
        postgres.sql(MANY, Tuple.tuple());
        postgres.sql(ROWS, Tuple.of(SessionId.random().value()));
        TaskListing listing = new TaskListing(postgres.database, postgres.outbox);
        TaskListing.Page page = await(listing.list(new TaskListing.Query(77, Optional.empty(), 2, 1)));
        assertThat(page.tasks()).extracting(task -> task.taskId().value()).allMatch(id -> id.matches(".*00[23]"));
        assertThat(page.total()).isEqualTo(TaskListing.MAX_COUNTED);
        assertThat(page.hasMore()).isTrue();
        var last = await(listing.list(new TaskListing.Query(77, Optional.of(TaskStatus.FAILED), 5, 10_098)));
        assertThat(last.tasks()).hasSize(2);
        assertThat(last.hasMore()).isFalse();
    }

    private static TaskSpec task(Optional<String> startUrl, String variable) {
        return new TaskSpec(
                "buy",
                startUrl,
                new TaskLimits(1, 1, 1_000),
                Optional.empty(),
                Map.of(variable, "a value"),
                List.of(),
                false,
                true);
    }

    @Test
    void stepsAreReusedByTheSameUserForTheSameTask() throws Exception {
        ReusableSteps steps = new ReusableSteps(postgres.database);
        TaskSpec task = task(Optional.of("https://a.b"), "name");
        JsonObject clicks = new JsonObject().put("steps", new JsonArray().add("click \0"));
        await(steps.save(USER, task, new JsonObject()));
        await(steps.save(USER, task, clicks));
        assertThat(await(steps.find(USER, task))).contains(clicks);
        assertThat(await(steps.find(USER, task(Optional.empty(), "name")))).isEmpty();
        assertThat(await(steps.find(USER, task(Optional.of("https://a.b"), "word"))))
                .isEmpty();
        assertThat(await(steps.find(USER + 1, task))).isEmpty();
        await(steps.save(USER, task, new JsonObject().put("steps", "x".repeat(1 << 19))));
        assertThat(await(steps.find(USER, task))).isEmpty();
    }

    private static final String PENDING_AND_RUNNING = """
            insert into tasks (task_id, user_id, session_id, machine_id, instruction, status, started_at, last_event)
            select 'task_' || uuid, $1, 'session-' || uuid, 'node-of-lister', 'x', case i % 3 when 0 then 'pending' else 'running' end,
                timestamptz '2026-01-01' + i / 2 * interval '1 s', 1
            from (select i, lpad(i::text, 8, '0') || '-0000-4000-8000-000000000000' as uuid from generate_series(1, 30) i) made
            """;

    @Test
    void theListIsTheSameInParts() throws Exception {
        long lister = await(postgres.database.number("insert into users (name) values ('lister') returning user_id"));
        await(postgres.database.rows(PENDING_AND_RUNNING, lister));
        for (Optional<TaskStatus> status : List.of(Optional.<TaskStatus>empty(), Optional.of(TaskStatus.PENDING))) {
            List<TaskView> whole = listed(lister, status, 100, 0);
            List<TaskView> parts = new ArrayList<>();
            for (int offset = 0; offset < 35; offset += 7) {
                parts.addAll(listed(lister, status, 7, offset));
            }
            assertThat(parts).isEqualTo(whole).hasSize(status.isPresent() ? 10 : 30);
            assertThat(whole)
                    .isSortedAccordingTo(Comparator.comparing(TaskView::startedAt)
                            .reversed()
                            .thenComparing(task -> task.taskId().value()));
        }
    }

    private static List<TaskView> listed(long user, Optional<TaskStatus> status, int limit, long offset)
            throws Exception {
        TaskListing listing = new TaskListing(postgres.database, postgres.outbox);
        return await(listing.list(new TaskListing.Query(user, status, limit, offset)))
                .tasks();
    }
}
