// How long a report of many rows takes.
#pragma once

namespace bench {

// Wall seconds of `atelier report` on 10 seeds of a million rows each. Returns the exit code.
int reporting(bool json);

}  // namespace bench
