// Times in the viewer's own zone, and buttons that copy. The pages do without it.

for (const time of document.querySelectorAll('time[datetime]')) {
  const at = new Date(time.dateTime)
  if (Number.isNaN(at.getTime())) continue
  time.textContent = at.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
  time.title = time.dateTime
}

const status = document.createElement('p')
status.className = 'visually-hidden'
status.setAttribute('role', 'status')
document.querySelector('main')?.append(status)

/** Only a page that came over https may write to the clipboard by itself; elsewhere the field is selected and copied. */
async function copy(field) {
  if (navigator.clipboard) return navigator.clipboard.writeText(field.value)
  field.select()
  if (!document.execCommand('copy')) throw new Error('not copied')
}

for (const button of document.querySelectorAll('button[data-copy]')) {
  const field = document.getElementById(button.dataset.copy)
  button.hidden = false
  button.addEventListener('click', async () => {
    try {
      await copy(field)
      button.textContent = 'Copied'
      status.textContent = 'Copied'
    } catch {
      field.select()
      button.textContent = 'Press Ctrl+C'
      status.textContent = 'Selected: copy it by the keyboard'
    }
    setTimeout(() => {
      button.textContent = 'Copy'
      status.textContent = ''
    }, 3000)
  })
}

for (const field of document.querySelectorAll('.field textarea')) {
  field.addEventListener('focus', () => field.select())
}
