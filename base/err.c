/* SPDX-License-Identifier: ISC */
#include "base/err.h"

const char *err_str(enum err e)
{
	switch (e) {
	case OK:
		return "ok";
	case ERR_INVALID:
		return "invalid";
	case ERR_RANGE:
		return "out of range";
	case ERR_NOMEM:
		return "out of memory";
	case ERR_AGAIN:
		return "try again";
	case ERR_TIMEOUT:
		return "timed out";
	case ERR_IO:
		return "device fault";
	case ERR_NODEV:
		return "no such device";
	case ERR_NOTFOUND:
		return "not found";
	case ERR_EXISTS:
		return "already exists";
	case ERR_UNSUPPORTED:
		return "not supported";
	case ERR_EOF:
		return "end of stream";
	case ERR_CLOSED:
		return "closed";
	case ERR_RESET:
		return "connection reset";
	case ERR_REFUSED:
		return "connection refused";
	case ERR_UNREACHABLE:
		return "unreachable";
	case ERR_NOTREADY:
		return "not ready";
	case ERR_CANCELLED:
		return "cancelled";
	}
	return "unknown error";
}
