/** What a spreadsheet takes for the beginning of a formula. @see https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/

/**
 * One line of a CSV file, with its line break. A cell that a spreadsheet would run as a formula has an apostrophe in
 * front, which a spreadsheet does not show.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180#section-2
 */
export const csvLine = (cells: readonly string[]): string => `${cells.map(cellOf).join(',')}\r\n`

function cellOf(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
