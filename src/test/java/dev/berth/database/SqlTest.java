package dev.berth.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.pgclient.PgException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlTest {
    @ParameterizedTest
    @ValueSource(strings = {"22021", "23503", "54000"})
    void whatIsWrongWithAFactIsARefusal(String state) {
        assertThat(Sql.isRefusal(new PgException("no", "ERROR", state, ""))).isTrue();
    }

    /** Wrong password, missing database, table or grant, read only, corrupted, shutting down. */
    @ParameterizedTest
    @ValueSource(strings = {"28P01", "3D000", "42P01", "42501", "25006", "XX001", "57P01"})
    void whatIsWrongWithPostgresIsNone(String state) {
        assertThat(Sql.isRefusal(new PgException("no", "FATAL", state, ""))).isFalse();
    }
}
