package dev.berth.script;

import java.util.List;

/** What programs for Bash need beside curl. */
final class CurlHelpers {
    static final List<Helper> ALL =
            List.of(new Helper("arrived", """
                    # Waits until the session's page is at a URL, which is a pattern.
                    arrived() { # page, pattern
                      local i url
                      for i in {1..150}; do
                        url=$(berth GET "$session/pages" | tr '{' '\\n' | sed -n "/\\"pageId\\":\\"$1\\"/s/.*\\"url\\":\\"\\([^\\"]*\\)\\".*/\\1/p")
                        [[ $url == $2 ]] && return
                        sleep 0.2
                      done
                      echo "still at $url, not at $2" >&2
                      return 1
                    }
                    """), new Helper("another", """
                    # The page that the site opened by itself.
                    another() { # known pages
                      local i page
                      for i in {1..150}; do
                        for page in $(berth GET "$session/pages" | tr ',{' '\\n\\n' | sed -n 's/.*"pageId":"\\([^"]*\\)".*/\\1/p'); do
                          [[ " $* " == *" $page "* ]] || { echo "$page"; return; }
                        done
                        sleep 0.2
                      done
                      echo 'no other page was opened' >&2
                      return 1
                    }
                    """), new Helper("file", """
                    # A file, as the verb upload takes it.
                    file() { # path
                      printf '{"name":%s,"content":"%s"}' "$(json "${1##*/}")" "$(base64 <"$1" | tr -d '\\n')"
                    }
                    """));

    /** Takes what the program is about, the server's URL, its inputs, its functions, the session's options, and the steps. */
    static final String PROGRAM = """
            #!/usr/bin/env bash
            # %s
            # Needs curl, and a key of Berth in BERTH_API_KEY.
            set -euo pipefail

            berth_url=${BERTH_URL:-%s}
            api_key=${BERTH_API_KEY:?set it to a key of Berth}

            %s            # Sends a request; prints the answer, which must be a success.
            berth() { # method, URL [, JSON on the standard input]
              local body=()
              [ $# -lt 3 ] || body=(-H 'Content-Type: application/json' --data-binary @-)
              curl -sS --fail-with-body -X "$1" -H "Authorization: Bearer $api_key" ${body[@]+"${body[@]}"} "$2" \\
                || { echo "$1 $2 failed" >&2; return 1; }
            }

            # Runs a verb on a page; the answer is in $answer.
            verb() { # name, page, fields of the JSON
              answer=$(printf '{"page":"%%s"%%s}' "$2" "${3:+,$3}" | berth POST "$session/$1" -) || { echo "$answer" >&2; exit 1; }
            }

            # A field of the latest answer.
            field() { # name
              sed -n "s/.*\\"$1\\":\\"\\([^\\"]*\\)\\".*/\\1/p" <<<"$answer"
            }

            # A text as JSON.
            json() {
              local text=${1//\\\\/\\\\\\\\}
              text=${text//\\"/\\\\\\"} text=${text//$'\\n'/\\\\n} text=${text//$'\\t'/\\\\t} text=${text//$'\\r'/\\\\r}
              printf '"%%s"' "$text"
            }
            %s
            answer=$(printf '%%s' '%s' | berth POST "$berth_url/api/sessions?wait=running" -) || { echo "$answer" >&2; exit 1; }
            session=$berth_url/api/sessions/$(field sessionId)
            trap 'berth DELETE "$session" >/dev/null' EXIT
            answer=$(berth GET "$session/pages")
            page1=$(field pageId)

            %s""";

    private CurlHelpers() {}
}
