// How long a report of many rows takes.
#pragma once

namespace bench {

// Wall seconds of `atelier report` on 10 seeds of a million rows each: of the table alone, and with the page
// of curves that `--out` asks for. Returns the exit code.
int reporting(bool json);

}  // namespace bench
