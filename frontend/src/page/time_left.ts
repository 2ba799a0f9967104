// Time left and Beijing time in words, the same words as yuntai/kernel/templatetags/values.py.

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const HOURS_SHOWN_BELOW_DAYS = 3;
const SHANGHAI_AHEAD_MS = 8 * HOUR * 1000; // no summer time since 1991
const WEEKDAYS = "日一二三四五六";

export const CLOSED = "已截止";

export function secondsLeft(until: Date, now: Date): number {
  return Math.max(0, Math.ceil((until.getTime() - now.getTime()) / 1000));
}

export function timeLeft(seconds: number): string {
  if (seconds <= 0) return CLOSED;
  const days = Math.floor(seconds / DAY);
  const hours = Math.floor((seconds % DAY) / HOUR);
  const minutes = Math.floor((seconds % HOUR) / MINUTE);
  if (days >= HOURS_SHOWN_BELOW_DAYS) return `还剩 ${days} 天`;
  if (days > 0) return `还剩 ${days} 天 ${hours} 小时`;
  if (hours > 0) return `还剩 ${hours} 小时 ${minutes} 分`;
  return `还剩 ${minutes} 分 ${seconds % MINUTE} 秒`;
}

/** Return the step a screen reader is told about: it speaks when this text changes, never each second. */
export function spokenStep(seconds: number): string {
  if (seconds <= 0) return CLOSED;
  if (seconds > DAY) return `还剩 ${Math.ceil(seconds / DAY)} 天以内`;
  if (seconds > HOUR) return `还剩 ${Math.ceil(seconds / HOUR)} 小时以内`;
  const step = [10, 30, MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR].find((end) => seconds <= end) ?? HOUR;
  return step >= MINUTE ? `还剩 ${step / MINUTE} 分钟以内` : `还剩 ${step} 秒以内`;
}

function digits(value: number): string {
  return String(value).padStart(2, "0");
}

export function beijingDay(instant: Date): string {
  const local = new Date(instant.getTime() + SHANGHAI_AHEAD_MS);
  const day = `${local.getUTCFullYear()}-${digits(local.getUTCMonth() + 1)}-${digits(local.getUTCDate())}`;
  return `${day} 周${WEEKDAYS[local.getUTCDay()]}`;
}

export function clockDigits(instant: Date): string {
  const local = new Date(instant.getTime() + SHANGHAI_AHEAD_MS);
  return [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()].map(digits).join(":");
}

export function beijingSeconds(instant: Date): string {
  return `${beijingDay(instant)} ${clockDigits(instant)}`;
}

export function beijing(instant: Date): string {
  return beijingSeconds(instant).slice(0, -3);
}
