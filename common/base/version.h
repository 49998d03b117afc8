/* version: the release that the programs and man pages belong to. */
#ifndef COMMON_BASE_VERSION_H
#define COMMON_BASE_VERSION_H

#define TLSECHO_VERSION "0.1.0"

#endif
